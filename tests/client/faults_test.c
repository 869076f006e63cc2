/* `invonce create` against every fault of the server: one record, one key, and the truth told. */
#include "tests/client/account.h"
#include "tests/client/room.h"
#include "tests/client/trials.h"
#include "tests/support/http.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER  "2026-0042"
#define AT_ONCE 8

/* A fault, and whether it strikes when the create was carried out already. */
static const struct fault {
    const char *rule;
    bool commits;
} FAULTS[] = {
    {"delay-before-commit=90s", false},
    {"delay-after-commit=90s", true},
    {"drop-before", false},
    {"drop-response", true},
    {"reset-response", true},
    {"truncate-response", true},
    {"garble-response", true},
    {"status=408", false},
    {"status=425", false},
    {"status=429:retry-after=1", false},
    {"status=500", false},
    {"status=502", false},
    {"status=503", false},
    {"status=504", false},
    {"status-after-commit=500", true},
    {"status-after-commit=503", true},
    {"status-after-commit=429", true},
    {"hang", true},
    {"drip=20", true},
    {"crash-before-commit", false},
    {"crash-after-commit", true},
};
#define FAULT_COUNT (sizeof FAULTS / sizeof *FAULTS)

/* Where a fault strikes: the attempt, and what befell the one before it. */
static const struct strike {
    const char *selector;
    const char *before; /* NULL: there was none */
} STRIKES[] = {
    {"@attempt=1", NULL},
    {"@attempt=2", "drop-response@attempt=1"},
    {"@attempt=2", "drop-before@attempt=1"},
};
#define STRIKE_COUNT (sizeof STRIKES / sizeof *STRIKES)

/* A server with its faults, and an operator. */
struct stage {
    struct mock mock;
    struct room room;
    char *rule;
    const char *before;
    struct process client;
};

/* A work in progress whose server died is soon taken over, as no test can wait for half a minute.
 */
static bool start(struct stage *stage, const char *rule, const char *before)
{
    const char *const options[] = {"--lease",
                                   "1s",
                                   "--in-progress-wait",
                                   "100ms",
                                   rule ? "--fault" : NULL,
                                   rule,
                                   before ? "--fault" : NULL,
                                   before,
                                   NULL};
    return stage->mock.port ? room_server_again(&stage->mock, options)
                            : mock_start(&stage->mock, options);
}

static void finish(struct stage *stage)
{
    process_clear(&stage->client);
    mock_clear(&stage->mock);
    room_clear(&stage->room);
    free(stage->rule);
}

/* The client's exit code; a server that dies meanwhile is started again, with `rule`. */
static int supervise(struct stage *stage, const char *rule)
{
    long long deadline = support_now_ms() + 2 * PATIENCE_MS;
    while (support_now_ms() < deadline) {
        struct pollfd both[] = {{.fd = stage->client.watch, .events = POLLIN},
                                {.fd = stage->mock.process.watch, .events = POLLIN}};
        if (poll(both, 2, (int)(deadline - support_now_ms())) < 0) continue;
        if (both[0].revents) return process_wait(&stage->client, 0);
        if (both[1].revents && !start(stage, rule, NULL)) break;
    }
    return PROCESS_RUNNING;
}

static int create(struct stage *stage, const char *file, const char *rule_again)
{
    room_start(&stage->room, &stage->client, (const char *const[]){"create", file, "--json", NULL});
    return supervise(stage, rule_again);
}

/* What the one line of output says under `member`; the caller's to free. */
static char *told(struct stage *stage, const char *member)
{
    char *rest = process_expect(&stage->client, "{", PATIENCE_MS);
    char *line = support_format("{%s", rest ? rest : "");
    struct json *object = json_read(line, strlen(line));
    const char *text = json_text(object, member);
    char *copy = support_format("%s", text ? text : "");
    json_free(object);
    free(line);
    free(rest);
    return copy;
}

static char *expect_told(struct stage *stage, int code, int wanted, const char *one,
                         const char *other)
{
    char *outcome = told(stage, "outcome");
    char *sentence = NULL;
    if (code != wanted || (strcmp(outcome, one) != 0 && strcmp(outcome, other) != 0)) {
        char *errors = process_errors(&stage->client);
        sentence = support_format("exit %d, outcome \"%s\"; %s", code, outcome, errors);
        free(errors);
    }
    free(outcome);
    return sentence;
}

static char *named(char *sentence, const char *rule, const char *before)
{
    if (!sentence) return NULL;
    char *whole = support_format("%s %s: %s", rule, before ? before : "", sentence);
    free(sentence);
    return whole;
}

static char *a_fault_that_passes(size_t index, void *context)
{
    (void)context;
    const struct strike *strike = &STRIKES[index % STRIKE_COUNT];
    struct stage stage = {0};
    char *rule = support_format("%s%s", FAULTS[index / STRIKE_COUNT].rule, strike->selector);
    bool started = start(&stage, rule, strike->before);
    room_open(&stage.room, stage.mock.url,
              (const char *const[]){"INVONCE_ATTEMPT_TIMEOUT=600ms", NULL});
    char *file = room_write_invoice(&stage.room, NUMBER);
    int code = started ? create(&stage, file, NULL) : PROCESS_RUNNING;
    char *sentence = expect_told(&stage, code, 0, "created", "replayed");
    sentence = account_first(sentence, account_of_one(&stage.mock, &stage.room, NUMBER));
    sentence = named(sentence, rule, strike->before);
    free(file);
    free(rule);
    finish(&stage);
    return sentence;
}

static void every_fault_on_the_first_and_on_the_second_attempt(void **state)
{
    (void)state;
    assert_int_equal(
        trials_run("faults", FAULT_COUNT * STRIKE_COUNT, AT_ONCE, a_fault_that_passes, NULL), 0);
}

/* After healing: `outbox resume` ends with 0. */
static char *resume(const struct stage *stage)
{
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"outbox", "resume", NULL});
    char *sentence =
        result.code == 0 ? NULL : support_format("resume: exit %d; %s", result.code, result.errors);
    process_result_clear(&result);
    return sentence;
}

static char *expect_records(const struct stage *stage, long long wanted)
{
    long long records = account_records(&stage->mock, NUMBER);
    return records == wanted ? NULL : support_format("%lld records, not %lld", records, wanted);
}

static char *a_fault_that_stays(size_t index, void *context)
{
    (void)context;
    const struct fault *fault = &FAULTS[index];
    struct stage stage = {0};
    bool started = start(&stage, fault->rule, NULL);
    room_open(&stage.room, stage.mock.url, (const char *const[]){ROOM_QUICK, NULL});
    char *file = room_write_invoice(&stage.room, NUMBER);
    int code = started ? create(&stage, file, fault->rule) : PROCESS_RUNNING;
    char *sentence = expect_told(&stage, code, 5, "unconfirmed", "unconfirmed");
    sentence = account_first(sentence, expect_records(&stage, fault->commits ? 1 : 0));
    if (!start(&stage, NULL, NULL)) sentence = account_first(sentence, strdup("no server"));
    room_set(&stage.room, "INVONCE_ATTEMPT_TIMEOUT=10s");
    room_set(&stage.room, "INVONCE_RETRY_BUDGET=60s");
    sentence = account_first(sentence, resume(&stage));
    sentence = account_first(sentence, account_of_one(&stage.mock, &stage.room, NUMBER));
    sentence = named(sentence, fault->rule, NULL);
    free(file);
    finish(&stage);
    return sentence;
}

static void every_fault_on_every_attempt(void **state)
{
    (void)state;
    assert_int_equal(trials_run("lasting faults", FAULT_COUNT, AT_ONCE, a_fault_that_stays, NULL),
                     0);
}

/* A bare 401, as from some proxy, says nothing of this key: it opens no lock, and isn't asked for
 * twice. */
static void a_refusal_from_elsewhere_is_no_answer(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *before;
        long long records;
    } cases[] = {
        {"status=401", NULL, 0},
        {"status=403", NULL, 0},
        {"status=401@attempt=2", "drop-response@attempt=1", 1},
        {"status=403@attempt=2", "drop-response@attempt=1", 1},
        {"status=404@attempt=2", "drop-response@attempt=1", 1},
        {"status=401@attempt=2", "drop-before@attempt=1", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct stage stage = {0};
        assert_true(start(&stage, cases[i].rule, cases[i].before));
        room_open(&stage.room, stage.mock.url, NULL);
        char *file = room_write_invoice(&stage.room, NUMBER);
        int code = create(&stage, file, NULL);
        account_expect(named(expect_told(&stage, code, 5, "unconfirmed", "unconfirmed"),
                             cases[i].rule, cases[i].before));
        account_expect(named(expect_records(&stage, cases[i].records), cases[i].rule, NULL));
        assert_true(start(&stage, NULL, NULL));
        account_expect(resume(&stage));
        account_expect(account_of_one(&stage.mock, &stage.room, NUMBER));
        free(file);
        finish(&stage);
    }
}

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_on_the_first_and_on_the_second_attempt),
        cmocka_unit_test(every_fault_on_every_attempt),
        cmocka_unit_test(a_refusal_from_elsewhere_is_no_answer),
    };
    return cmocka_run_group_tests_name("client/faults", tests, NULL, NULL);
}
