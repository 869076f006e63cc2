#include "tests/model/replay_client.h"

#include "protocol/client/intent.h"
#include "protocol/client/outcome.h"
#include "protocol/client/submission.h"
#include "protocol/wire/resources/invoice.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct client {
    struct intent *intent;
    /* What lasts. */
    bool recorded;
    enum submission_state settled; /* EDITING: it isn't */
    enum submission_state told;    /* a person, likewise */
    /* What a crash takes. */
    bool down;
    struct submission submission;
    struct answer answer;
    int64_t now_ms;
};

static bool is_definite(enum submission_state state)
{
    return state == SUBMISSION_CREATED || state == SUBMISSION_CONFLICT ||
           state == SUBMISSION_REJECTED;
}

static enum submission_command step_on(struct submission *submission, struct submission_event event,
                                       int64_t now_ms)
{
    event.now_ms = now_ms;
    if (event.type == SUBMISSION_ANSWERED) event.retry_after_ms = -1;
    return submission_step(submission, &retry_policy_default, &event);
}

static bool step(struct client *client, struct submission_event event,
                 enum submission_command asked_for)
{
    return step_on(&client->submission, event, client->now_ms) == asked_for;
}

static bool simple_step(struct client *client, enum submission_event_type type,
                        enum submission_command asked_for)
{
    return step(client, (struct submission_event){.type = type}, asked_for);
}

/* --- answers --- */

static enum verdict judge(const struct client *client)
{
    struct outcome outcome;
    const struct answer *answer = &client->answer;
    const struct reply reply = {.fate = answer->status ? REPLY_WHOLE : REPLY_UNKNOWN,
                                .error = answer->status ? NULL : "no answer",
                                .status = answer->status,
                                .media_type = answer->media_type ? answer->media_type : "",
                                .replayed = answer->replayed,
                                .retry_after_ms = -1,
                                .body = answer->body,
                                .length = answer->length};
    outcome_judge(&outcome, client->intent, &reply);
    enum verdict verdict = outcome.verdict;
    outcome_clear(&outcome);
    return verdict;
}

static struct submission_event answered(enum verdict verdict)
{
    return (struct submission_event){.type = SUBMISSION_ANSWERED, .verdict = verdict};
}

/* What its answer would make of it. */
static enum submission_state ahead(const struct client *client)
{
    struct submission submission = client->submission;
    step_on(&submission, answered(judge(client)), client->now_ms);
    return submission.state;
}

/* The budget is spent, or there is time. */
static bool try_again(struct client *client, bool surely_not_sent, bool spent)
{
    struct submission_event event = answered(VERDICT_TRY_AGAIN);
    event.surely_not_sent = surely_not_sent;
    if (spent) client->now_ms = client->submission.deadline_ms + 1;
    return step(client, event, spent ? SUBMISSION_DO_SETTLE : SUBMISSION_DO_WAIT);
}

void client_take(struct client *client, struct answer *answer)
{
    bool waits = client && client->submission.state == SUBMISSION_SENDING && !client->down &&
                 client->settled == SUBMISSION_EDITING;
    if (waits) {
        answer_clear(&client->answer);
        client->answer = *answer;
        *answer = (struct answer){0};
    }
    answer_clear(answer);
}

/* --- what it does --- */

static bool press(struct client *client, bool spent)
{
    (void)spent;
    return simple_step(client, SUBMISSION_PRESSED, SUBMISSION_DO_CHECK) &&
           simple_step(client, SUBMISSION_VALID, SUBMISSION_DO_RECORD);
}

static bool record(struct client *client, bool spent)
{
    (void)spent;
    client->recorded = simple_step(client, SUBMISSION_JOURNALED, SUBMISSION_DO_WAIT);
    return client->recorded;
}

static bool send_it(struct client *client, bool spent)
{
    (void)spent;
    return simple_step(client, SUBMISSION_DUE, SUBMISSION_DO_SEND);
}

static bool unreachable(struct client *client, bool spent)
{
    return simple_step(client, SUBMISSION_DUE, SUBMISSION_DO_SEND) &&
           try_again(client, true, spent);
}

/* None came, or it is none, or it was lost on its way. */
static bool no_answer(struct client *client, bool spent)
{
    bool waits = client->submission.state == SUBMISSION_SENDING;
    answer_clear(&client->answer);
    return waits && judge(client) == VERDICT_TRY_AGAIN && try_again(client, false, spent);
}

static bool doubt(struct client *client, bool spent)
{
    (void)spent;
    bool refused = judge(client) == VERDICT_REFUSED &&
                   step(client, answered(VERDICT_REFUSED), SUBMISSION_DO_SETTLE);
    answer_clear(&client->answer);
    return refused && client->submission.state == SUBMISSION_UNCONFIRMED;
}

static bool settle(struct client *client, bool spent)
{
    (void)spent;
    enum submission_state state = ahead(client);
    bool settles = client->submission.state == SUBMISSION_SENDING && is_definite(state);
    if (settles) client->settled = state;
    return settles;
}

/* The journal has heard of it: as submitter_take_answer has it. */
static bool tell(struct client *client, bool spent)
{
    (void)spent;
    bool told = is_definite(client->settled) &&
                step(client, answered(judge(client)), SUBMISSION_DO_SETTLE) &&
                client->submission.state == client->settled;
    answer_clear(&client->answer);
    if (told) client->told = client->settled;
    return told;
}

static bool try_now(struct client *client, bool spent)
{
    (void)spent;
    return simple_step(client, SUBMISSION_TRY_NOW, SUBMISSION_DO_WAIT);
}

static bool crash(struct client *client, bool spent)
{
    (void)spent;
    client->down = true;
    client->submission = (struct submission){.state = SUBMISSION_EDITING};
    answer_clear(&client->answer);
    return true;
}

/* What isn't settled is adopted; what is, is told. */
static bool start(struct client *client, bool spent)
{
    (void)spent;
    const struct submission_event adopted = {.type = SUBMISSION_ADOPTED, .attempts = 1};
    client->down = false;
    client->now_ms = 0;
    if (is_definite(client->settled)) {
        client->told = client->submission.state = client->settled;
        return true;
    }
    return !client->recorded || step(client, adopted, SUBMISSION_DO_WAIT);
}

bool client_do(struct client *client, const char *doing, bool spent)
{
    static const struct {
        const char *name;
        bool (*act)(struct client *client, bool spent);
    } ACTS[] = {{"press", press},         {"record", record},
                {"send", send_it},        {"unreachable", unreachable},
                {"no_answer", no_answer}, {"doubt", doubt},
                {"settle", settle},       {"answer", tell},
                {"try_now", try_now},     {"crash_client", crash},
                {"start_client", start}};
    for (size_t i = 0; client && i < sizeof ACTS / sizeof ACTS[0]; i++)
        if (strcmp(doing, ACTS[i].name) == 0) return ACTS[i].act(client, spent);
    return false;
}

/* --- beginning, end, and what is there --- */

struct client *client_new(enum scenario scenario, int request)
{
    if (request == 1 && (scenario == ALONE || scenario == REFUSED)) return NULL;
    struct client *client = calloc(1, sizeof *client);
    char *text = replay_body_text(scenario, replay_body(scenario, request));
    if (!client) support_die("out of memory");
    client->intent =
        intent_thaw(&INVOICE, replay_key_text(replay_key(scenario, request)), text, strlen(text));
    if (!client->intent) support_die("no intent");
    free(text);
    return client;
}

void client_free(struct client *client)
{
    if (!client) return;
    answer_clear(&client->answer);
    intent_free(client->intent);
    free(client);
}

static const char *name_of(enum submission_state state)
{
    static const char *const NAMES[SUBMISSION_STATES] = {
        [SUBMISSION_EDITING] = "editing",         [SUBMISSION_LOCKED] = "locked",
        [SUBMISSION_RECORDING] = "recording",     [SUBMISSION_RECORDED] = "recorded",
        [SUBMISSION_SENDING] = "sending",         [SUBMISSION_CREATED] = "created",
        [SUBMISSION_CONFLICT] = "conflict",       [SUBMISSION_REJECTED] = "rejected",
        [SUBMISSION_UNCONFIRMED] = "unconfirmed",
    };
    return NAMES[state];
}

void client_describe(const struct client *client, char text[CLIENT_TEXT_SIZE])
{
    if (!client) {
        snprintf(text, CLIENT_TEXT_SIZE, "nothing 0 nothing nothing");
        return;
    }
    const char *unsettled = client->recorded ? "recorded" : "nothing";
    snprintf(text, CLIENT_TEXT_SIZE, "%s %d %s %s",
             client->down ? "down" : name_of(client->submission.state),
             client->submission.may_exist,
             is_definite(client->settled) ? name_of(client->settled) : unsettled,
             is_definite(client->told) ? name_of(client->told) : "nothing");
}
