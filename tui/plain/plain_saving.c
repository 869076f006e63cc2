#include "tui/plain/plain_state.h"

#include "tui/form/status.h"
#include "tui/words/words.h"

#define STILL_SECONDS 15 /* between two signs of life */

void plain_begin_saving(struct plain *plain)
{
    plain_input_hold();
    plain->told_attempt = entry_submission(&plain->entry).submission.attempts + 1;
    plain->told_second = 0;
    plain_say("%s", _("Saving..."));
}

void plain_drop_typed(struct plain *plain, int64_t now_ms)
{
    for (unsigned enters = plain_input_drop(&plain->input); enters > 0; enters--)
        entry_act(&plain->entry, ACTION_SUBMIT, now_ms);
}

void plain_tell_progress(struct plain *plain, int64_t now_ms)
{
    struct submitter_view view = entry_submission(&plain->entry);
    bool sending = view.submission.state == SUBMISSION_SENDING;
    char text[STATUS_SIZE];
    int64_t seconds = entry_seconds_saving(&plain->entry, now_ms);
    if (sending && view.submission.attempts > plain->told_attempt && status_attempt(&view, text)) {
        plain->told_attempt = view.submission.attempts;
        plain->told_second = seconds;
        plain_say("%s", text);
    } else if (seconds >= plain->told_second + STILL_SECONDS) {
        plain->told_second = seconds;
        plain_say(_("Still saving, %lld s"), (long long)seconds);
    }
}
