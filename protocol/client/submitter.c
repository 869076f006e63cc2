#include "protocol/client/submitter.h"

#include "protocol/client/courier/whoami.h"
#include "protocol/client/outcome.h"
#include "protocol/wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define WHY_SIZE        JOURNAL_SENTENCE_MAX
#define SETTLE_AGAIN_MS 1000
#define LOCKED_PAUSE_MS 20   /* before a journal that is locked is asked again */
#define LOCKED_SHOW_MS  2000 /* an end that may be shown before the journal has it is shown then */
#define HTTP_REFUSALS   400  /* and above */

struct submitter {
    struct submitter_context context;
    const struct intent_kind *kind;
    submitter_compose *compose;
    void *form;
    struct submission submission;
    enum submission_command next; /* what the last step asked for and isn't done yet */
    int64_t again_ms;             /* not before: the journal failed, or was locked … */
    int64_t locked_ms;            /* … since then; 0: not so */
    struct intent *intent;
    bool begun;                /* the journal has the next attempt's beginning already */
    struct courier_call *call; /* SENDING: the attempt under way */
    bool answered;             /* SENDING: it ended; how, is in what follows */
    int64_t answered_ms;       /* … since when the journal is asked to take it; 0: not yet */
    bool unnoted;              /* … and the journal hasn't noted it */
    bool surely_not_sent;
    enum reply_fate fate;
    int http_status;
    struct outcome outcome;
    struct violations violations;
    char why[WHY_SIZE];
};

struct submitter *submitter_new(const struct submitter_context *context,
                                const struct intent_kind *kind, submitter_compose *compose,
                                void *form)
{
    struct submitter *submitter = calloc(1, sizeof *submitter);
    if (submitter == NULL) return NULL;
    submitter->context = *context;
    submitter->kind = kind;
    submitter->compose = compose;
    submitter->form = form;
    outcome_clear(&submitter->outcome);
    return submitter;
}

static void say(struct submitter *submitter, const char *why)
{
    snprintf(submitter->why, sizeof submitter->why, "%s", why);
}

static void clear_answer(struct submitter *submitter)
{
    outcome_clear(&submitter->outcome);
    submitter->answered = submitter->unnoted = false;
}

/* Lets go of all that belongs to one intent. */
static void forget(struct submitter *submitter)
{
    if (submitter->call != NULL) courier_cancel(submitter->call);
    submitter->call = NULL;
    intent_free(submitter->intent);
    submitter->intent = NULL;
    submitter->begun = false;
    submitter->again_ms = submitter->locked_ms = 0;
    violations_clear(&submitter->violations);
    clear_answer(submitter);
    say(submitter, "");
}

static bool is_in_journal(const struct submitter *submitter)
{
    enum submission_state state = submitter->submission.state;
    return state == SUBMISSION_RECORDED || state == SUBMISSION_SENDING;
}

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
    return JOURNAL_UNCONFIRMED;
}

/* What the journal couldn't take is tried again, until it does or the intent is left; then the next
 * start asks the server again, with the same key. */
static void settle_later(struct submitter *submitter, int64_t now_ms)
{
    submitter->again_ms = now_ms + SETTLE_AGAIN_MS;
    say(submitter, journal_sentence(submitter->context.journal));
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

static void settle(struct submitter *submitter, int64_t now_ms)
{
    if (tell_journal(submitter, &submitter->submission, true) == JOURNAL_OK)
        submitter->next = SUBMISSION_DO_NOTHING;
    else
        settle_later(submitter, now_ms);
}

/* The journal is locked: what is to be done is done a little later. False: nothing has changed. */
static bool wait_for_journal(struct submitter *submitter, int64_t now_ms)
{
    submitter->again_ms = now_ms + LOCKED_PAUSE_MS;
    submitter->locked_ms = now_ms;
    return false;
}

/* --- events --- */

static void step(struct submitter *submitter, const struct submission_event *event)
{
    enum submission_state before = submitter->submission.state;
    enum submission_command command =
        submission_step(&submitter->submission, &submitter->context.retry, event);
    bool ignored = command == SUBMISSION_DO_NOTHING && submitter->submission.state == before;
    if (!ignored) submitter->next = command;
}

static uint32_t entropy(int64_t now_ms)
{
    uint32_t number;
    ssize_t filled = getrandom(&number, sizeof number, 0);
    return filled == (ssize_t)sizeof number ? number : (uint32_t)now_ms;
}

static void simple_step(struct submitter *submitter, enum submission_event_type type,
                        int64_t now_ms)
{
    const struct submission_event event = {
        .type = type, .now_ms = now_ms, .entropy = entropy(now_ms)};
    step(submitter, &event);
}

/* The journal's last chance to hear of an end, before the intent is left. */
static void leave(struct submitter *submitter)
{
    if (submitter->next == SUBMISSION_DO_SETTLE) settle(submitter, 0);
    submitter->next = SUBMISSION_DO_NOTHING;
    forget(submitter);
}

/* A step that, where it leads anywhere, leaves the intent that was there. */
static void begin_anew(struct submitter *submitter, const struct submission_event *event)
{
    struct submission ahead = submitter->submission;
    submission_step(&ahead, &submitter->context.retry, event);
    if (ahead.state != submitter->submission.state) leave(submitter);
    step(submitter, event);
}

void submitter_press(struct submitter *submitter, int64_t now_ms)
{
    const struct submission_event event = {.type = SUBMISSION_PRESSED, .now_ms = now_ms};
    begin_anew(submitter, &event);
}

void submitter_edit(struct submitter *submitter)
{
    const struct submission_event event = {.type = SUBMISSION_EDITED};
    begin_anew(submitter, &event);
}

void submitter_renew(struct submitter *submitter)
{
    const struct submission_event event = {.type = SUBMISSION_RENEWED};
    begin_anew(submitter, &event);
}

void submitter_adopt(struct submitter *submitter, struct intent *intent, unsigned attempts,
                     int64_t now_ms)
{
    const struct submission_event event = {
        .type = SUBMISSION_ADOPTED, .now_ms = now_ms, .attempts = attempts};
    if (submitter->submission.state != SUBMISSION_EDITING) {
        journal_release(submitter->context.journal, intent->key, intent->fingerprint);
        intent_free(intent);
        return;
    }
    forget(submitter);
    submitter->intent = intent;
    step(submitter, &event);
}

void submitter_take(struct submitter *submitter, struct intent *intent, int64_t now_ms)
{
    if (submitter->submission.state != SUBMISSION_EDITING) {
        intent_free(intent);
        return;
    }
    forget(submitter);
    submitter->intent = intent;
    simple_step(submitter, SUBMISSION_PRESSED, now_ms);
    simple_step(submitter, SUBMISSION_VALID, now_ms);
}

void submitter_try_now(struct submitter *submitter, int64_t now_ms)
{
    const struct submission_event event = {.type = SUBMISSION_TRY_NOW, .now_ms = now_ms};
    step(submitter, &event);
}

void submitter_free(struct submitter *submitter)
{
    if (submitter == NULL) return;
    if (is_in_journal(submitter))
        journal_release(submitter->context.journal, submitter->intent->key,
                        submitter->intent->fingerprint);
    leave(submitter);
    free(submitter);
}

/* --- commands --- */

static struct intent *freeze(struct submitter *submitter, struct json *body)
{
    char key[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(key);
    return intent_freeze(submitter->kind, body, key);
}

static void check(struct submitter *submitter, int64_t now_ms)
{
    struct json *body = submitter->compose(submitter->form);
    bool valid = body != NULL && submitter->kind->check(body, &submitter->violations) &&
                 !submitter->violations.out_of_memory;
    if (valid) submitter->intent = freeze(submitter, body);
    if (body == NULL || (valid && submitter->intent == NULL)) say(submitter, N_("out of memory"));
    json_free(body);
    simple_step(submitter, submitter->intent != NULL ? SUBMISSION_VALID : SUBMISSION_INVALID,
                now_ms);
}

const struct intent *submitter_to_record(const struct submitter *submitter)
{
    return submitter->next == SUBMISSION_DO_RECORD ? submitter->intent : NULL;
}

void submitter_recorded(struct submitter *submitter, enum journal_status status, int64_t now_ms)
{
    bool recorded = status == JOURNAL_OK;
    submitter->begun = recorded;
    if (!recorded) say(submitter, journal_sentence(submitter->context.journal));
    const struct submission_event event = {.type = recorded ? SUBMISSION_JOURNALED
                                                            : SUBMISSION_UNRECORDABLE,
                                           .now_ms = now_ms,
                                           .held = status == JOURNAL_HELD};
    step(submitter, &event);
}

static bool is_in_time(const struct submitter *submitter, int64_t now_ms)
{
    return now_ms < submitter->submission.deadline_ms;
}

static bool record(struct submitter *submitter, int64_t now_ms)
{
    enum journal_status status = journal_record(submitter->context.journal, submitter->intent);
    if (status == JOURNAL_LOCKED && is_in_time(submitter, now_ms)) {
        submitter->next = SUBMISSION_DO_RECORD;
        return wait_for_journal(submitter, now_ms);
    }
    submitter_recorded(submitter, status, now_ms);
    return true;
}

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
    if (status == JOURNAL_OK) step(submitter, &event);
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
    step(submitter, &event);
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
    const struct courier_request request = {.path = intent->kind->endpoint,
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

static bool send_attempt(struct submitter *submitter, int64_t now_ms)
{
    static const struct courier_request question = {.path = WHOAMI_PATH};
    struct journal *journal = submitter->context.journal;
    clear_answer(submitter);
    enum journal_status begun = begin_attempt(submitter);
    if (begun == JOURNAL_SETTLED) {
        if (take_settled(submitter)) return true;
        begun = begin_again(submitter);
    }
    if (begun == JOURNAL_LOCKED && is_in_time(submitter, now_ms)) {
        submitter->next = SUBMISSION_DO_SEND;
        return wait_for_journal(submitter, now_ms);
    }
    if (begun != JOURNAL_OK) {
        say(submitter, journal_sentence(journal));
        simple_step(submitter, SUBMISSION_UNRECORDABLE, now_ms);
    } else if (!submitter->context.asks_whose || journal_certainty(journal) == JOURNAL_TOLD) {
        post(submitter);
    } else {
        submitter->call =
            courier_send(submitter->context.courier, &question, take_whose, submitter);
        if (submitter->call == NULL) end_unsent(submitter, N_("out of memory"));
    }
    return true;
}

/* While the journal is locked. "Rejected" waits until it isn't, what leads to another attempt as
 * long as there is time for one; the others get the same answer again if asked again. */
static bool may_wait(struct submitter *submitter, const struct submission *ahead, int64_t now_ms)
{
    if (submitter->answered_ms == 0) submitter->answered_ms = now_ms;
    if (ahead->state == SUBMISSION_REJECTED) return true;
    if (ahead->state == SUBMISSION_RECORDED && is_in_time(submitter, now_ms)) return true;
    return now_ms < submitter->answered_ms + LOCKED_SHOW_MS;
}

/* The journal hears of the end before the screen does: nobody is told "rejected" of an intent that
 * the next start would send again. */
static bool take_answer(struct submitter *submitter, int64_t now_ms)
{
    const struct outcome *outcome = &submitter->outcome;
    const struct submission_event event = {.type = SUBMISSION_ANSWERED,
                                           .now_ms = now_ms,
                                           .verdict = outcome->verdict,
                                           .surely_not_sent = submitter->surely_not_sent,
                                           .retry_after_ms = outcome->retry_after_ms,
                                           .entropy = entropy(now_ms)};
    struct submission ahead = submitter->submission;
    bool settles =
        submission_step(&ahead, &submitter->context.retry, &event) == SUBMISSION_DO_SETTLE;
    enum journal_status told = tell_journal(submitter, &ahead, settles);
    if (told == JOURNAL_LOCKED && may_wait(submitter, &ahead, now_ms))
        return wait_for_journal(submitter, now_ms);
    submitter->answered = false;
    submitter->again_ms = 0;
    say(submitter, outcome->why);
    step(submitter, &event);
    if (submitter->submission.state == SUBMISSION_REJECTED)
        violations_from_json(json_member(outcome->problem, "errors"), &submitter->violations);
    if (settles && told == JOURNAL_OK)
        submitter->next = SUBMISSION_DO_NOTHING;
    else if (settles)
        settle_later(submitter, now_ms);
    return true;
}

static bool carry_out(struct submitter *submitter, int64_t now_ms)
{
    enum submission_command command = submitter->next;
    submitter->next = SUBMISSION_DO_NOTHING;
    submitter->again_ms = 0;
    switch (command) {
    case SUBMISSION_DO_CHECK:
        check(submitter, now_ms);
        return true;
    case SUBMISSION_DO_RECORD:
        return record(submitter, now_ms);
    case SUBMISSION_DO_WAIT:
        simple_step(submitter, SUBMISSION_DUE, now_ms);
        return true;
    case SUBMISSION_DO_SEND:
        return send_attempt(submitter, now_ms);
    case SUBMISSION_DO_SETTLE:
        submitter->next = SUBMISSION_DO_SETTLE;
        settle(submitter, now_ms);
        return true;
    case SUBMISSION_DO_NOTHING:
        break;
    }
    return false;
}

bool submitter_advance(struct submitter *submitter, int64_t now_ms)
{
    if (submitter_due_ms(submitter) > now_ms) return false;
    int64_t locked_ms = submitter->locked_ms;
    submitter->locked_ms = 0;
    bool changed =
        submitter->answered ? take_answer(submitter, now_ms) : carry_out(submitter, now_ms);
    if (submitter->locked_ms != 0 && locked_ms != 0) submitter->locked_ms = locked_ms;
    return changed;
}

bool submitter_is_answered(const struct submitter *submitter)
{
    return submitter->answered;
}

int64_t submitter_due_ms(const struct submitter *submitter)
{
    if (submitter->answered) return submitter->again_ms;
    switch (submitter->next) {
    case SUBMISSION_DO_CHECK:
    case SUBMISSION_DO_RECORD:
    case SUBMISSION_DO_SEND:
        return submitter->again_ms;
    case SUBMISSION_DO_WAIT:
        return submitter->submission.due_ms;
    case SUBMISSION_DO_SETTLE:
        return submitter->again_ms;
    case SUBMISSION_DO_NOTHING:
        break;
    }
    return INT64_MAX;
}

struct submitter_view submitter_view(const struct submitter *submitter)
{
    enum submission_state state = submitter->submission.state;
    bool refused = state == SUBMISSION_CONFLICT || state == SUBMISSION_REJECTED;
    return (struct submitter_view){
        .submission = submitter->submission,
        .intent = submitter->intent,
        .violations = &submitter->violations,
        .record = state == SUBMISSION_CREATED ? submitter->outcome.record : NULL,
        .problem = refused ? submitter->outcome.problem : NULL,
        .why = submitter->why,
        .locked_ms = submitter->locked_ms,
    };
}
