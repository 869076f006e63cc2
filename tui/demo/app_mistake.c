#include "tui/demo/app_demo.h"

#include "protocol/client/clock.h"

#include <limits.h>
#include <stdio.h>

/* The submissions themselves stay honest, each with one key until its answer. What is wrong here is
 * what the form does with them: it lets go of one that is under way, and starts another for the
 * same invoice. Each has a journal of its own then: one journal would notice that the number waits
 * for confirmation. */

static enum mistake_kind kind(const struct app *app)
{
    return app->demo ? app->options->demo->mistake.kind : MISTAKE_NONE;
}

static bool is_under_way(const struct submission *submission)
{
    return submission_is_locked(submission) && submission->state != SUBMISSION_UNCONFIRMED;
}

static struct journal *open_another_journal(const struct app *app)
{
    const struct app_options *options = app->options;
    char path[PATH_MAX + 32], sentence[JOURNAL_SENTENCE_MAX];
    const struct journal_account account = {.server = options->journal_server,
                                            .token = options->token};
    snprintf(path, sizeof path, "%s/journal-%zu.db", options->demo->scratch,
             app->demo->let_go_count + 1);
    return journal_open(path, &account, sentence);
}

/* Puts a new submission in the place of the one under way. False when that can't be. */
static bool let_go(struct app *app, bool is_given_up)
{
    struct app_demo *demo = app->demo;
    if (demo->let_go_count == LET_GO_MAX) return false;
    struct submitter_context context = app->context;
    context.journal = open_another_journal(app);
    struct submitter *another =
        context.journal ? submitter_new(&context, &invoice_intent, form_compose, &app->form) : NULL;
    if (!another) {
        if (context.journal) journal_close(context.journal);
        return false;
    }
    demo->let_go[demo->let_go_count++] =
        (struct let_go){app->submitter, demo->journal, is_given_up};
    demo->journal = context.journal;
    app->submitter = another;
    return true;
}

/* MISTAKE no-lock: the form stays as it is, and every press is as good as the first. */
bool app_mistake_opens_lock(const struct app *app)
{
    struct submission submission = app_submission(app).submission;
    return kind(app) == MISTAKE_NO_LOCK && is_under_way(&submission);
}

void app_mistake_on_press(struct app *app)
{
    if (app_mistake_opens_lock(app)) let_go(app, false);
}

/* MISTAKE unlock-after: a timer takes the place of an answer. */
static int64_t unlock_ms(const struct app *app)
{
    struct submission submission = app_submission(app).submission;
    if (kind(app) != MISTAKE_UNLOCK_AFTER || !is_under_way(&submission)) return INT64_MAX;
    if (app->demo->let_go_count == LET_GO_MAX) return INT64_MAX;
    return submission.pressed_ms + app->options->demo->mistake.after_ms;
}

/* MISTAKE new-key-per-retry: what may have arrived is sent again as if it were something new. */
static bool retry_is_due(const struct app *app, int64_t now_ms)
{
    struct submission submission = app_submission(app).submission;
    return kind(app) == MISTAKE_NEW_KEY_PER_RETRY && submission.state == SUBMISSION_RECORDED &&
           submission.attempts > 0 && submission.due_ms <= now_ms;
}

static bool retry_with_new_key(struct app *app, int64_t now_ms)
{
    const struct intent *intent = app_submission(app).intent;
    char key[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(key);
    struct intent *again = intent_thaw(intent->kind, key, intent->body, intent->body_length);
    if (!again) return false;
    if (!let_go(app, true)) {
        intent_free(again);
        return false;
    }
    submitter_take(app->submitter, again, now_ms);
    return true;
}

/* The end of one that was let go comes up over a form that waits for nothing else. */
static bool comes_up(struct app *app, struct let_go *gone)
{
    enum submission_state end = submitter_view(gone->submitter).submission.state;
    if (end != SUBMISSION_CREATED && end != SUBMISSION_CONFLICT) return false;
    if (app_submission(app).submission.state != SUBMISSION_EDITING) return false;
    struct let_go ended = *gone;
    *gone = (struct let_go){app->submitter, app->demo->journal, true};
    app->submitter = ended.submitter;
    app->demo->journal = ended.journal;
    return true;
}

bool app_mistake_advance(struct app *app, int64_t now_ms)
{
    if (kind(app) == MISTAKE_NONE) return false;
    for (size_t i = 0; i < app->demo->let_go_count; i++) {
        struct let_go *gone = &app->demo->let_go[i];
        if (gone->is_given_up) continue;
        submitter_advance(gone->submitter, now_ms);
        if (comes_up(app, gone)) return true;
    }
    if (unlock_ms(app) <= now_ms) return let_go(app, false);
    return retry_is_due(app, now_ms) && retry_with_new_key(app, now_ms);
}

int64_t app_mistake_due_ms(const struct app *app)
{
    int64_t due = unlock_ms(app);
    for (size_t i = 0; app->demo && i < app->demo->let_go_count; i++) {
        const struct let_go *gone = &app->demo->let_go[i];
        int64_t own = gone->is_given_up ? INT64_MAX : submitter_due_ms(gone->submitter);
        if (own < due) due = own;
    }
    return due;
}

void app_mistake_stop(struct app *app)
{
    if (!app->demo) return;
    for (size_t i = 0; i < app->demo->let_go_count; i++) {
        submitter_free(app->demo->let_go[i].submitter);
        if (app->demo->let_go[i].journal) journal_close(app->demo->let_go[i].journal);
    }
    app->demo->let_go_count = 0;
    if (app->demo->journal) journal_close(app->demo->journal);
    app->demo->journal = NULL;
}
