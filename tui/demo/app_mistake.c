#include "tui/demo/app_mistake.h"

#include <limits.h>
#include <stdio.h>

/* The submissions themselves stay honest, each with one key until its answer. What is wrong here is
 * what the form does with them: it lets go of one that is under way, and starts another for the
 * same invoice. Each has a journal of its own then: one journal would notice that the number waits
 * for confirmation. */

static bool is_under_way(const struct submission *submission)
{
    return submission_is_locked(submission) && submission->state != SUBMISSION_UNCONFIRMED;
}

static struct journal *open_another_journal(const struct app_mistake *made,
                                            const struct entry_options *options)
{
    char path[PATH_MAX + 32], sentence[JOURNAL_SENTENCE_MAX];
    const struct journal_account account = {.server = options->journal_server,
                                            .token = options->courier.token};
    snprintf(path, sizeof path, "%s/journal-%zu.db", made->scratch, made->let_go_count + 1);
    return journal_open(path, &account, sentence);
}

/* Puts a new submission in the place of the one under way. False when that can't be. */
static bool let_go(struct app_mistake *made, struct entry *entry, bool is_given_up)
{
    if (made->let_go_count == LET_GO_MAX) return false;
    struct submitter_context context = entry->context;
    context.journal = open_another_journal(made, entry->options);
    struct submitter *another = context.journal ? submitter_new(&context, entry->options->resource,
                                                                form_compose, &entry->form)
                                                : NULL;
    if (!another) {
        if (context.journal) journal_close(context.journal);
        return false;
    }
    made->let_go[made->let_go_count++] =
        (struct let_go){entry->submitter, made->journal, is_given_up};
    made->journal = context.journal;
    entry->submitter = another;
    return true;
}

/* MISTAKE no-lock: the form stays as it is, and every press is as good as the first. */
static bool opens_lock(void *self, const struct entry *entry)
{
    const struct app_mistake *made = self;
    struct submission submission = entry_submission(entry).submission;
    return made->mistake.kind == MISTAKE_NO_LOCK && is_under_way(&submission);
}

static void on_press(void *self, struct entry *entry)
{
    if (opens_lock(self, entry)) let_go(self, entry, false);
}

/* MISTAKE unlock-after: a timer takes the place of an answer. */
static int64_t unlock_ms(const struct app_mistake *made, const struct entry *entry)
{
    struct submission submission = entry_submission(entry).submission;
    if (made->mistake.kind != MISTAKE_UNLOCK_AFTER || !is_under_way(&submission)) return INT64_MAX;
    if (made->let_go_count == LET_GO_MAX) return INT64_MAX;
    return submission.pressed_ms + made->mistake.after_ms;
}

/* MISTAKE new-key-per-retry: what may have arrived is sent again as if it were something new. */
static bool retry_is_due(const struct app_mistake *made, const struct entry *entry, int64_t now_ms)
{
    struct submission submission = entry_submission(entry).submission;
    return made->mistake.kind == MISTAKE_NEW_KEY_PER_RETRY &&
           submission.state == SUBMISSION_RECORDED && submission.attempts > 0 &&
           submission.due_ms <= now_ms;
}

static bool retry_with_new_key(struct app_mistake *made, struct entry *entry, int64_t now_ms)
{
    const struct intent *intent = entry_submission(entry).intent;
    char key[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(key);
    struct intent *again = intent_thaw(intent->kind, key, intent->body, intent->body_length);
    if (!again) return false;
    if (!let_go(made, entry, true)) {
        intent_free(again);
        return false;
    }
    submitter_take(entry->submitter, again, now_ms);
    return true;
}

/* The end of one that was let go comes up over a form that waits for nothing else. */
static bool comes_up(struct app_mistake *made, struct entry *entry, struct let_go *gone)
{
    enum submission_state end = submitter_view(gone->submitter).submission.state;
    if (end != SUBMISSION_CREATED && end != SUBMISSION_CONFLICT) return false;
    if (entry_submission(entry).submission.state != SUBMISSION_EDITING) return false;
    struct let_go ended = *gone;
    *gone = (struct let_go){entry->submitter, made->journal, true};
    entry->submitter = ended.submitter;
    made->journal = ended.journal;
    return true;
}

static bool advance(void *self, struct entry *entry, int64_t now_ms)
{
    struct app_mistake *made = self;
    for (size_t i = 0; i < made->let_go_count; i++) {
        struct let_go *gone = &made->let_go[i];
        if (gone->is_given_up) continue;
        submitter_advance(gone->submitter, now_ms);
        if (comes_up(made, entry, gone)) return true;
    }
    if (unlock_ms(made, entry) <= now_ms) return let_go(made, entry, false);
    return retry_is_due(made, entry, now_ms) && retry_with_new_key(made, entry, now_ms);
}

static int64_t due_ms(void *self, const struct entry *entry)
{
    const struct app_mistake *made = self;
    int64_t due = unlock_ms(made, entry);
    for (size_t i = 0; i < made->let_go_count; i++) {
        const struct let_go *gone = &made->let_go[i];
        int64_t own = gone->is_given_up ? INT64_MAX : submitter_due_ms(gone->submitter);
        if (own < due) due = own;
    }
    return due;
}

static void stop(void *self)
{
    struct app_mistake *made = self;
    for (size_t i = 0; i < made->let_go_count; i++) {
        submitter_free(made->let_go[i].submitter);
        if (made->let_go[i].journal) journal_close(made->let_go[i].journal);
    }
    made->let_go_count = 0;
    if (made->journal) journal_close(made->journal);
    made->journal = NULL;
}

void app_mistake_start(struct app_mistake *app_mistake, const struct mistake *mistake,
                       const char *scratch)
{
    *app_mistake = (struct app_mistake){
        .hooks = {.self = app_mistake,
                  .opens_lock = opens_lock,
                  .on_press = on_press,
                  .advance = advance,
                  .due_ms = due_ms,
                  .stop = stop},
        .mistake = *mistake,
        .scratch = scratch,
    };
}
