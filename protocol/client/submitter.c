#include "protocol/client/submitter.h"

#include "protocol/client/submitter_inside.h"
#include "protocol/wire/message.h"

#include <assert.h>
#include <stdlib.h>

struct submitter *submitter_new(const struct submitter_context *context,
                                const struct resource *kind, submitter_compose *compose, void *form)
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
    submitter_clear_answer(submitter);
    submitter_say(submitter, "");
}

static bool is_in_journal(const struct submitter *submitter)
{
    enum submission_state state = submitter->submission.state;
    return state == SUBMISSION_RECORDED || state == SUBMISSION_SENDING;
}

/* --- events --- */

/* The journal's last chance to hear of an end, before the intent is left. */
static void leave(struct submitter *submitter)
{
    if (submitter->next == SUBMISSION_DO_SETTLE) submitter_settle(submitter, 0);
    submitter->next = SUBMISSION_DO_NOTHING;
    forget(submitter);
}

/* A step that, where it leads anywhere, leaves the intent that was there. */
static void begin_anew(struct submitter *submitter, const struct submission_event *event)
{
    struct submission ahead = submitter->submission;
    submission_step(&ahead, &submitter->context.retry, event);
    if (ahead.state != submitter->submission.state) leave(submitter);
    submitter_step(submitter, event);
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
    submitter_step(submitter, &event);
}

void submitter_take(struct submitter *submitter, struct intent *intent, int64_t now_ms)
{
    if (submitter->submission.state != SUBMISSION_EDITING) {
        intent_free(intent);
        return;
    }
    forget(submitter);
    submitter->intent = intent;
    submitter_simple_step(submitter, SUBMISSION_PRESSED, now_ms);
    submitter_simple_step(submitter, SUBMISSION_VALID, now_ms);
}

void submitter_try_now(struct submitter *submitter, int64_t now_ms)
{
    const struct submission_event event = {.type = SUBMISSION_TRY_NOW, .now_ms = now_ms};
    submitter_step(submitter, &event);
}

void submitter_free(struct submitter *submitter)
{
    if (submitter == NULL) return;
    assert(!is_in_journal(submitter) || submitter->intent != NULL);
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
    assert(submitter->intent == NULL && submitter->compose != NULL);
    struct json *body = submitter->compose(submitter->form);
    bool valid = body != NULL && intent_check(submitter->kind, body, &submitter->violations) &&
                 !submitter->violations.out_of_memory;
    if (valid) submitter->intent = freeze(submitter, body);
    if (body == NULL || (valid && submitter->intent == NULL))
        submitter_say(submitter, N_("out of memory"));
    json_free(body);
    submitter_simple_step(
        submitter, submitter->intent != NULL ? SUBMISSION_VALID : SUBMISSION_INVALID, now_ms);
}

const struct intent *submitter_to_record(const struct submitter *submitter)
{
    return submitter->next == SUBMISSION_DO_RECORD ? submitter->intent : NULL;
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
        return submitter_record(submitter, now_ms);
    case SUBMISSION_DO_WAIT:
        submitter_simple_step(submitter, SUBMISSION_DUE, now_ms);
        return true;
    case SUBMISSION_DO_SEND:
        return submitter_send(submitter, now_ms);
    case SUBMISSION_DO_SETTLE:
    case SUBMISSION_DO_NOTHING: /* never due */
        break;
    }
    assert(command == SUBMISSION_DO_SETTLE);
    submitter->next = command;
    submitter_settle(submitter, now_ms);
    return true;
}

bool submitter_advance(struct submitter *submitter, int64_t now_ms)
{
    if (submitter_due_ms(submitter) > now_ms) return false;
    int64_t locked_ms = submitter->locked_ms;
    submitter->locked_ms = 0;
    bool changed = submitter->answered ? submitter_take_answer(submitter, now_ms)
                                       : carry_out(submitter, now_ms);
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
    case SUBMISSION_DO_SETTLE:
        return submitter->again_ms;
    case SUBMISSION_DO_WAIT:
        return submitter->submission.due_ms;
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
