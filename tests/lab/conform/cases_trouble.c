/* Requests at one instant, lost replies, failures and crashes. */
#include "tests/lab/conform/cases.h"
#include "tests/lab/conform/lost.h"
#include "tests/lab/conform/verdict.h"
#include "tests/lab/conform/witness.h"

#include "tests/support/parallel.h"
#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS    5
#define AT_ONCE   4
#define RETRY_MS  100
#define MARGIN_MS 1000

#define NO_FAULTS_API "it takes the faults API (/_mock/faults)"

/* Sends it until it isn't in progress any more, or past a lease. */
static const struct exchange *settle(struct run *run, const struct intent *intent)
{
    long long end = support_now_ms() + run->settings->lease_ms + MARGIN_MS;
    for (;;) {
        bool is_late = support_now_ms() > end;
        const struct exchange *exchange = run_send(run, intent);
        if (is_late || !is_refused(run, exchange, "key-in-progress")) return exchange;
        run_sleep(RETRY_MS);
    }
}

/* Another intent for the same finds this one in its way. */
static bool expect_one(struct run *run, const struct intent *intent, const struct exchange *first)
{
    if (!run->endpoint->is_unique || !endpoint_refusal(run->endpoint, "taken")) return true;
    struct intent other = run_other_intent(run, intent, endpoint_part(run->endpoint, "/change"));
    return expect_taken(run, run_send(run, &other), first, "another intent for the same");
}

/* --- at one instant --- */

struct volley {
    struct run *run;
    struct intent intents[AT_ONCE];
    const struct exchange *answers[AT_ONCE];
};

static void send_one(size_t index, void *context)
{
    struct volley *volley = context;
    volley->answers[index] = run_send(volley->run, &volley->intents[index]);
}

/* The one that created; the others are its replay, or came too early. */
static const struct exchange *judge_same(struct run *run, const struct volley *volley, size_t count)
{
    const struct exchange *first = NULL;
    for (size_t i = 0; i < count && !first; i++)
        if (is_created(run, volley->answers[i])) first = volley->answers[i];
    if (!expect(run, first ? NULL : volley->answers[0], first != NULL,
                "of the same at one instant none was created"))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const struct exchange *answer = volley->answers[i];
        if (answer == first || is_refused(run, answer, "key-in-progress")) continue;
        expect_replay(run, answer, first, "of the same at one instant a second one");
    }
    return first;
}

static bool fire_same(struct run *run, size_t count)
{
    struct volley volley = {.run = run};
    struct intent intent = run_intent(run);
    for (size_t i = 0; i < count; i++)
        volley.intents[i] = intent;
    parallel_run(count, send_one, &volley);
    const struct exchange *first = judge_same(run, &volley, count);
    return first && expect_replay(run, run_send(run, &intent), first, "the same afterwards");
}

void case_simultaneous(struct run *run)
{
    for (int i = 0; i < ROUNDS && json_count(run->failures) == 0; i++)
        if (!fire_same(run, i % 2 == 0 ? 2 : AT_ONCE)) return;
}

/* Two intents; that it is always the second request which comes through is as good. */
static bool fire_two_intents(struct run *run)
{
    struct volley volley = {.run = run, .intents = {run_intent(run)}};
    volley.intents[1] = run_other_intent(run, &volley.intents[0], NULL);
    parallel_run(2, send_one, &volley);
    bool is_second = is_created(run, volley.answers[1]);
    const struct exchange *made = volley.answers[is_second], *other = volley.answers[!is_second];
    return expect_created(run, made, "of two intents for the same one") &&
           expect_taken(run, other, made, "of two intents for the same the other one");
}

/* --- while the first one is held --- */

struct hold {
    struct run *run;
    struct intent first, other;
    void (*meanwhile)(struct hold *hold);
    const struct exchange *answers[3]; /* to the first one, and to what was sent meanwhile */
    const char *problem;               /* why the first one wasn't held; NULL: it was */
};

static void send_or_act(size_t index, void *context)
{
    struct hold *hold = context;
    if (index == 0) {
        hold->answers[0] = run_send(hold->run, &hold->first);
        return;
    }
    if (run_wait_in_progress(hold->run, &hold->first))
        hold->meanwhile(hold);
    else
        hold->problem = "a request that is held isn't told as in progress (/v1/intents/KEY)";
    if (!faults_set(&hold->run->faults, NULL)) hold->problem = "the server doesn't end its faults";
}

/* False: it couldn't be done, which is a failure. */
static bool hold_first(struct hold *hold)
{
    struct run *run = hold->run;
    if (!expect(run, NULL, faults_set(&run->faults, FAULT_HOLD_FIRST),
                "the server doesn't take the fault %s", FAULT_HOLD_FIRST))
        return false;
    parallel_run(2, send_or_act, hold);
    return expect(run, hold->answers[0], !hold->problem, "%s", hold->problem ? hold->problem : "");
}

static void send_other_and_same(struct hold *hold)
{
    struct question other = {.key = hold->first.header, .body = hold->other.body};
    hold->answers[1] = run_ask(hold->run, &other);
    hold->answers[2] = run_send(hold->run, &hold->first);
}

void case_in_progress(struct run *run)
{
    struct hold hold = {.run = run, .meanwhile = send_other_and_same};
    if (!faults_are_offered(&run->faults)) {
        run->lack = NO_FAULTS_API;
        return;
    }
    hold.first = run_intent(run);
    hold.other = run_intent(run);
    if (!hold_first(&hold)) return;
    expect_refused(run, hold.answers[1], "key-reused", "another request under a key in progress");
    if (expect_refused(run, hold.answers[2], "key-in-progress", "the same while it is in progress"))
        expect(run, hold.answers[2], *http_header(&hold.answers[2]->reply, "retry-after") != '\0',
               "the same while it is in progress: no Retry-After");
    if (expect_created(run, hold.answers[0], "the first one, let go"))
        expect_replay(run, run_send(run, &hold.first), hold.answers[0], "the same afterwards");
}

static void send_other(struct hold *hold)
{
    hold->answers[1] = run_send(hold->run, &hold->other);
}

/* The first one has begun and isn't in yet when the second one is carried out. */
static void overtake(struct run *run)
{
    struct hold hold = {.run = run, .first = run_intent(run), .meanwhile = send_other};
    hold.other = run_other_intent(run, &hold.first, NULL);
    if (hold_first(&hold) &&
        expect_created(run, hold.answers[1], "an intent that overtook another for the same"))
        expect_taken(run, hold.answers[0], hold.answers[1], "the one that was overtaken");
}

void case_race(struct run *run)
{
    if (!run->endpoint->is_unique || !endpoint_refusal(run->endpoint, "taken")) {
        run->lack = "the case file says nothing that is unique, or how it is refused";
        return;
    }
    if (faults_are_offered(&run->faults)) overtake(run);
    for (int i = 0; i < ROUNDS; i++)
        if (!fire_two_intents(run)) return;
}

/* --- trouble --- */

static void lose_reply(struct run *run, enum cut cut, const char *what)
{
    struct intent intent = run_intent(run);
    struct question question = {.key = intent.header, .body = intent.body, .cut = cut};
    const struct exchange *lost = run_ask(run, &question);
    if (!expect(run, lost, !lost->trouble, "%s: %s", what, lost->trouble ? lost->trouble : ""))
        return;
    if (!lost_can_be_read(&lost->lost) && !run->endpoint->replayed && !run->endpoint->is_unique)
        run->lack = "over TLS it takes \"replayed\" or \"unique\": else nothing tells a replay";
    const struct exchange *again = settle(run, &intent);
    if (!expect(run, again, is_replay(run, again),
                "%s: the same again isn't told as a replay of status %d", what,
                run->endpoint->replays_as) ||
        !expect(run, again, lost_body_is(&lost->lost, again->reply.body, again->reply.length),
                "%s: the same again isn't what was lost, byte for byte", what))
        return;
    expect_one(run, &intent, again);
    const struct exchange *third = run_send(run, &intent);
    expect(run, third, is_replay(run, third) && is_same_body(third, again),
           "%s: the same once more isn't the same, byte for byte", what);
}

void case_lost_reply(struct run *run)
{
    lose_reply(run, CUT_REPLY, "a reply that was lost whole");
    lose_reply(run, CUT_SHORT, "a reply that was cut short");
}

void case_server_error(struct run *run)
{
    struct intent intent = run_intent(run);
    if (!faults_are_offered(&run->faults)) {
        run->lack = NO_FAULTS_API;
        return;
    }
    if (!expect(run, NULL, faults_set(&run->faults, FAULT_FAIL_NEW),
                "the server doesn't take the fault %s", FAULT_FAIL_NEW))
        return;
    const struct exchange *failed = run_send(run, &intent), *again = run_send(run, &intent);
    faults_set(&run->faults, NULL);
    expect(run, failed, failed->reply.status == 503, "with the fault %s: status %d, not 503",
           FAULT_FAIL_NEW, failed->reply.status);
    if (expect_created(run, again, "the same after a failure"))
        expect_replay(run, run_send(run, &intent), again, "the same once more");
}

/* --- a crash --- */

struct crash {
    struct volley volley;
    struct witness witness;
    bool was_seen;
    const char *problem;
};

/* It crashes while they are under way, where that can be seen. */
static void send_or_crash(size_t index, void *context)
{
    struct crash *crash = context;
    struct run *run = crash->volley.run;
    if (index < AT_ONCE) {
        send_one(index, &crash->volley);
        return;
    }
    bool holds = faults_are_offered(&run->faults);
    if (holds && !run_wait_in_progress(run, &crash->volley.intents[0]))
        crash->problem = "a request that is held isn't told as in progress (/v1/intents/KEY)";
    const char *problem = run_restart(run);
    if (problem) crash->problem = problem;
    crash->was_seen = witness_saw_an_end(&crash->witness);
    if (holds) faults_set(&run->faults, NULL); /* else a server that didn't end holds them on */
}

/* False: it couldn't be done, which is a failure. */
static bool make_it_crash(struct run *run, struct crash *crash)
{
    if (faults_are_offered(&run->faults) &&
        !expect(run, NULL, faults_set(&run->faults, FAULT_HOLD_NEW),
                "the server doesn't take the fault %s", FAULT_HOLD_NEW))
        return false;
    witness_open(&crash->witness, run->settings);
    parallel_run(AT_ONCE + 1, send_or_crash, crash);
    witness_close(&crash->witness);
    run->silent = 0; /* it was told to crash */
    for (size_t i = 0; i < AT_ONCE; i++)
        crash->was_seen = crash->was_seen || run_was_cut_off(crash->volley.answers[i]);
    return expect(run, NULL, !crash->problem, "%s", crash->problem ? crash->problem : "") &&
           expect(run, NULL, crash->was_seen,
                  "the restart command didn't end the server: no connection broke");
}

/* What was answered is a replay, what wasn't may be created only now. */
static bool judge_after_crash(struct run *run, const struct intent *intent,
                              const struct exchange *answer)
{
    const struct exchange *settled = settle(run, intent);
    if (is_created(run, answer))
        return expect_replay(run, settled, answer, "after a crash what was created before it") &&
               expect_one(run, intent, answer);
    return expect_answer(run, settled, "after a crash the same again") &&
           expect(run, settled, is_created(run, settled) || is_replay(run, settled),
                  "after a crash the same again: status %d, neither created nor a replay",
                  settled->reply.status) &&
           expect_one(run, intent, settled);
}

void case_crash(struct run *run)
{
    struct crash crash = {.volley = {.run = run}};
    struct intent before = run_intent(run);
    if (!run->settings->restart_command) {
        run->lack = "it takes --restart-command";
        return;
    }
    for (size_t i = 0; i < AT_ONCE; i++)
        crash.volley.intents[i] = run_intent(run);
    const struct exchange *first = run_send(run, &before);
    if (!expect_created(run, first, "a request before the crash") || !make_it_crash(run, &crash) ||
        !judge_after_crash(run, &before, first))
        return;
    for (size_t i = 0; i < AT_ONCE; i++)
        if (!judge_after_crash(run, &crash.volley.intents[i], crash.volley.answers[i])) return;
}
