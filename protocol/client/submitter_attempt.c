/* One attempt: begun in the journal, sent if it is still ours to send, and judged. */
#include "protocol/client/courier/whoami.h"
#include "protocol/client/submitter_inside.h"
#include "protocol/wire/message.h"

#include <assert.h>

#define HTTP_REFUSALS 400 /* and above */

/* Its first one was recorded with the intent itself; since then the account may have become
 * another tenant's, or have got an older intent of its number. */
static enum journal_status begin_attempt(struct submitter *submitter)
{
    struct journal *journal = submitter->context.journal;
    const struct intent *intent = submitter->intent;
    struct submission_event event = {.type = SUBMISSION_BEGUN};
    if (submitter->begun) {
        enum journal_status stands = journal_may_send(journal, intent);
        submitter->begun = stands == JOURNAL_LOCKED;
        if (stands == JOURNAL_OK || stands == JOURNAL_LOCKED) return stands;
        journal_attempt_end(journal, intent, submitter->submission.attempts, REPLY_NOT_SENT, 0);
    }
    enum journal_status status =
        journal_attempt_begin(journal, intent, &event.attempts, &event.may_exist);
    if (status == JOURNAL_OK) submitter_step(submitter, &event);
    return status;
}

/* The intent was settled elsewhere: its outcome is the answer, if it is one for this body. */
static bool take_settled(struct submitter *submitter)
{
    const struct intent *intent = submitter->intent;
    struct journal_entry *entry = NULL;
    struct outcome outcome;
    if (journal_find(submitter->context.journal, intent->key, intent->fingerprint, &entry) !=
            JOURNAL_OK ||
        entry == NULL)
        return false;
    bool believed = outcome_recall(&outcome, intent, entry->state, entry->result);
    if (outcome.verdict == VERDICT_CREATED) outcome.verdict = VERDICT_REPLAYED;
    const struct submission_event event = {.type = SUBMISSION_BEGUN, .attempts = entry->attempts};
    journal_entries_free(entry, 1);
    if (!believed) {
        outcome_clear(&outcome);
        return false;
    }
    submitter_step(submitter, &event);
    outcome_clear(&submitter->outcome);
    submitter->outcome = outcome;
    submitter->answered = true;
    submitter->answered_ms = submitter->again_ms = 0;
    submitter->surely_not_sent = true;
    submitter->fate = REPLY_NOT_SENT;
    submitter->http_status = 0;
    return true;
}

/* What isn't believed is asked of the server, with the same key. */
static enum journal_status begin_again(struct submitter *submitter)
{
    struct intent *same;
    unsigned attempts;
    enum journal_status status =
        journal_adopt_same(submitter->context.journal, submitter->intent, &same, &attempts);
    intent_free(same);
    return status == JOURNAL_OK ? begin_attempt(submitter) : status;
}

/* Only judged here, while the reply lives; submitter_advance acts on it. */
static void take_reply(void *context, const struct reply *reply)
{
    struct submitter *submitter = context;
    assert(submitter->submission.state == SUBMISSION_SENDING && submitter->intent != NULL);
    submitter->call = NULL;
    submitter->answered = submitter->unnoted = true;
    submitter->answered_ms = submitter->again_ms = 0;
    submitter->fate = reply->fate;
    submitter->http_status = reply->status;
    submitter->surely_not_sent = reply->fate == REPLY_NOT_SENT;
    outcome_judge(&submitter->outcome, submitter->intent, reply);
}

static void end_unsent(struct submitter *submitter, const char *why)
{
    const struct reply none = {
        .fate = REPLY_NOT_SENT, .error = why, .media_type = "", .retry_after_ms = -1};
    take_reply(submitter, &none);
}

static void post(struct submitter *submitter)
{
    const struct intent *intent = submitter->intent;
    const struct courier_request request = {.path = intent->kind->path,
                                            .key = intent->key,
                                            .body = intent->body,
                                            .body_length = intent->body_length,
                                            .may_reuse = submitter->context.keeps_connections &&
                                                         submitter->submission.attempts == 1};
    submitter->call = courier_send(submitter->context.courier, &request, take_reply, submitter);
    if (submitter->call == NULL) end_unsent(submitter, N_("out of memory"));
}

/* The server didn't say whose the token is: nothing was sent. A refusal is one of the invoice too,
 * as the same token would have carried it. */
static void end_untold(struct submitter *submitter, const struct reply *reply)
{
    if (reply->fate != REPLY_WHOLE) {
        end_unsent(submitter, reply->error);
        return;
    }
    take_reply(submitter, reply);
    submitter->fate = REPLY_NOT_SENT;
    submitter->surely_not_sent = true;
    enum verdict verdict = submitter->outcome.verdict;
    if (reply->status >= HTTP_REFUSALS &&
        (verdict == VERDICT_REFUSED || verdict == VERDICT_HOPELESS || verdict == VERDICT_TRY_AGAIN))
        return;
    outcome_clear(&submitter->outcome);
    end_unsent(submitter, N_("the server doesn't say whose the token is"));
}

static void post_if_ours(struct submitter *submitter)
{
    struct journal *journal = submitter->context.journal;
    switch (journal_may_send(journal, submitter->intent)) {
    case JOURNAL_OK:
        post(submitter);
        return;
    case JOURNAL_ABSENT:
        end_unsent(submitter, N_("the token is another tenant's now"));
        return;
    case JOURNAL_SETTLED:
        if (take_settled(submitter)) return;
        break;
    case JOURNAL_HELD:
    case JOURNAL_USED:
    case JOURNAL_REUSED:
    case JOURNAL_LOCKED:
    case JOURNAL_FAILED:
        break;
    }
    end_unsent(submitter, journal_sentence(journal));
}

static void take_whose(void *context, const struct reply *reply)
{
    struct submitter *submitter = context;
    struct whoami whoami;
    submitter->call = NULL;
    if (!whoami_read(reply, &whoami)) {
        end_untold(submitter, reply);
        return;
    }
    enum journal_status status = journal_identify(submitter->context.journal, whoami.tenant);
    whoami_clear(&whoami);
    if (status == JOURNAL_OK)
        post_if_ours(submitter);
    else
        end_unsent(submitter, journal_sentence(submitter->context.journal));
}

bool submitter_send(struct submitter *submitter, int64_t now_ms)
{
    static const struct courier_request question = {.path = WHOAMI_PATH};
    struct journal *journal = submitter->context.journal;
    assert(submitter->call == NULL); /* one attempt at a time */
    submitter_clear_answer(submitter);
    enum journal_status begun = begin_attempt(submitter);
    if (begun == JOURNAL_SETTLED) {
        if (take_settled(submitter)) return true;
        begun = begin_again(submitter);
    }
    if (begun == JOURNAL_LOCKED && submitter_is_in_time(submitter, now_ms)) {
        submitter->next = SUBMISSION_DO_SEND;
        return submitter_wait_for_journal(submitter, now_ms);
    }
    if (begun != JOURNAL_OK) {
        submitter_say(submitter, journal_sentence(journal));
        submitter_simple_step(submitter, SUBMISSION_UNRECORDABLE, now_ms);
    } else if (!submitter->context.asks_whose || journal_certainty(journal) == JOURNAL_TOLD) {
        post(submitter);
    } else {
        submitter->call =
            courier_send(submitter->context.courier, &question, take_whose, submitter);
        if (submitter->call == NULL) end_unsent(submitter, N_("out of memory"));
    }
    return true;
}
