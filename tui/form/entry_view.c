#include "tui/form/entry.h"

struct submitter_view entry_submission(const struct entry *entry)
{
    static const struct submitter_view none = {.why = ""};
    return entry->submitter ? submitter_view(entry->submitter) : none;
}

static bool is_opened(const struct entry *entry)
{
    const struct entry_mistake *mistake = entry->options->mistake;
    return mistake && mistake->opens_lock(mistake->self, entry);
}

bool entry_is_locked(const struct entry *entry)
{
    struct submitter_view view = entry_submission(entry);
    return submission_is_locked(&view.submission) && !is_opened(entry);
}

enum view entry_view(const struct entry *entry)
{
    if (entry->draft.offer.body) return VIEW_OFFER;
    switch (entry->seen) {
    case SUBMISSION_CREATED:
        return VIEW_RECORD;
    case SUBMISSION_CONFLICT:
        return VIEW_CONFLICT;
    case SUBMISSION_UNCONFIRMED:
        return VIEW_UNCONFIRMED;
    case SUBMISSION_EDITING:
    case SUBMISSION_LOCKED:
    case SUBMISSION_RECORDING:
    case SUBMISSION_RECORDED:
    case SUBMISSION_SENDING:
    case SUBMISSION_REJECTED:
    case SUBMISSION_STATES:
        break;
    }
    return VIEW_FORM;
}

enum missing entry_missing(const struct entry *entry)
{
    if (entry->identity.refused) return MISSING_KNOWN_TOKEN;
    return entry->identity.away ? MISSING_SERVER : MISSING_NOTHING;
}

bool entry_is_saving(const struct entry *entry)
{
    return entry_view(entry) == VIEW_FORM && entry_is_locked(entry);
}

int64_t entry_seconds_saving(const struct entry *entry, int64_t now_ms)
{
    return (now_ms - entry_submission(entry).submission.pressed_ms) / 1000;
}

int64_t entry_next_second_ms(const struct entry *entry, int64_t now_ms)
{
    int64_t pressed_ms = entry_submission(entry).submission.pressed_ms;
    return pressed_ms + (entry_seconds_saving(entry, now_ms) + 1) * 1000;
}
