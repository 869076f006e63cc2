/* What the journal hears: the intent, how an attempt ended, how it was settled; and the waiting for
 * a journal that is locked. */
#include "protocol/client/submitter_inside.h"

#include <assert.h>

#define SETTLE_AGAIN_MS 1000
#define LOCKED_PAUSE_MS 20   /* before a journal that is locked is asked again */
#define LOCKED_SHOW_MS  2000 /* an end that may be shown before the journal has it is shown then */

static enum journal_state settled_state(const struct submission *submission)
{
    switch (submission->state) {
    case SUBMISSION_CREATED:
        return submission->replayed ? JOURNAL_REPLAYED : JOURNAL_CREATED;
    case SUBMISSION_CONFLICT:
        return JOURNAL_CONFLICT;
    case SUBMISSION_REJECTED:
        return JOURNAL_REJECTED;
    case SUBMISSION_EDITING:
    case SUBMISSION_LOCKED:
    case SUBMISSION_RECORDING:
    case SUBMISSION_RECORDED:
    case SUBMISSION_SENDING:
    case SUBMISSION_UNCONFIRMED:
    case SUBMISSION_STATES:
        break;
    }
    assert(submission->state == SUBMISSION_UNCONFIRMED); /* nothing else settles */
    return JOURNAL_UNCONFIRMED;
}

/* What the journal couldn't take is tried again, until it does or the intent is left; then the next
 * start asks the server again, with the same key. */
static void settle_later(struct submitter *submitter, int64_t now_ms)
{
    submitter->again_ms = now_ms + SETTLE_AGAIN_MS;
    submitter_say(submitter, journal_sentence(submitter->context.journal));
}

/* The journal hears how the last attempt ended, if it hasn't yet, and how the intent did after
 * `submission`, if that `settles` it: with one commit. */
static enum journal_status tell_journal(struct submitter *submitter,
                                        const struct submission *submission, bool settles)
{
    struct journal *journal = submitter->context.journal;
    const struct intent *intent = submitter->intent;
    unsigned attempt = submitter->submission.attempts;
    const struct outcome *outcome = &submitter->outcome;
    const struct json *result = outcome->record != NULL ? outcome->record : outcome->problem;
    enum journal_status status;
    if (!settles)
        status =
            journal_attempt_end(journal, intent, attempt, submitter->fate, submitter->http_status);
    else if (!submitter->unnoted)
        status = journal_settle(journal, intent, settled_state(submission), result);
    else
        status = journal_end_and_settle(journal, intent, attempt, submitter->fate,
                                        submitter->http_status, settled_state(submission), result);
    if (status == JOURNAL_OK) submitter->unnoted = false;
    return status;
}

void submitter_settle(struct submitter *submitter, int64_t now_ms)
{
    if (tell_journal(submitter, &submitter->submission, true) == JOURNAL_OK)
        submitter->next = SUBMISSION_DO_NOTHING;
    else
        settle_later(submitter, now_ms);
}

/* The journal is locked: what is to be done is done a little later. False: nothing has changed. */
bool submitter_wait_for_journal(struct submitter *submitter, int64_t now_ms)
{
    submitter->again_ms = now_ms + LOCKED_PAUSE_MS;
    submitter->locked_ms = now_ms;
    return false;
}

void submitter_recorded(struct submitter *submitter, enum journal_status status, int64_t now_ms)
{
    bool recorded = status == JOURNAL_OK;
    submitter->begun = recorded;
    if (!recorded) submitter_say(submitter, journal_sentence(submitter->context.journal));
    const struct submission_event event = {.type = recorded ? SUBMISSION_JOURNALED
                                                            : SUBMISSION_UNRECORDABLE,
                                           .now_ms = now_ms,
                                           .held = status == JOURNAL_HELD};
    submitter_step(submitter, &event);
}

bool submitter_record(struct submitter *submitter, int64_t now_ms)
{
    enum journal_status status = journal_record(submitter->context.journal, submitter->intent);
    if (status == JOURNAL_LOCKED && submitter_is_in_time(submitter, now_ms)) {
        submitter->next = SUBMISSION_DO_RECORD;
        return submitter_wait_for_journal(submitter, now_ms);
    }
    submitter_recorded(submitter, status, now_ms);
    return true;
}

/* While the journal is locked. "Rejected" waits until it isn't, what leads to another attempt as
 * long as there is time for one; the others get the same answer again if asked again. */
static bool may_wait(struct submitter *submitter, const struct submission *ahead, int64_t now_ms)
{
    if (submitter->answered_ms == 0) submitter->answered_ms = now_ms;
    if (ahead->state == SUBMISSION_REJECTED) return true;
    if (ahead->state == SUBMISSION_RECORDED && submitter_is_in_time(submitter, now_ms)) return true;
    return now_ms < submitter->answered_ms + LOCKED_SHOW_MS;
}

/* The journal hears of the end before the screen does: nobody is told "rejected" of an intent that
 * the next start would send again. */
bool submitter_take_answer(struct submitter *submitter, int64_t now_ms)
{
    const struct outcome *outcome = &submitter->outcome;
    assert(submitter->call == NULL && submitter->submission.state == SUBMISSION_SENDING);
    const struct submission_event event = {.type = SUBMISSION_ANSWERED,
                                           .now_ms = now_ms,
                                           .verdict = outcome->verdict,
                                           .surely_not_sent = submitter->surely_not_sent,
                                           .retry_after_ms = outcome->retry_after_ms,
                                           .entropy = submitter_entropy(now_ms)};
    struct submission ahead = submitter->submission;
    bool settles =
        submission_step(&ahead, &submitter->context.retry, &event) == SUBMISSION_DO_SETTLE;
    enum journal_status told = tell_journal(submitter, &ahead, settles);
    if (told == JOURNAL_LOCKED && may_wait(submitter, &ahead, now_ms))
        return submitter_wait_for_journal(submitter, now_ms);
    submitter->answered = false;
    submitter->again_ms = 0;
    submitter_say(submitter, outcome->why);
    submitter_step(submitter, &event);
    assert(submitter->submission.state != SUBMISSION_CREATED || outcome->record != NULL);
    assert(submitter->submission.state != SUBMISSION_CONFLICT || outcome->problem != NULL);
    if (submitter->submission.state == SUBMISSION_REJECTED)
        violations_from_json(json_member(outcome->problem, "errors"), &submitter->violations);
    if (settles && told == JOURNAL_OK)
        submitter->next = SUBMISSION_DO_NOTHING;
    else if (settles)
        settle_later(submitter, now_ms);
    return true;
}
