/* What is said of other people's servers must be so: ours passes all of it, fails with each bug
 * that can be planted in the case that is meant for that, and a server that is none is told in
 * bounded time. */
#include "tests/client/proxy.h"
#include "tests/client/room.h"
#include "tests/lab/conform/cases.h"
#include "tests/lab/conform_runs.h"
#include "tests/support/json_pointer.h"
#include "tests/support/parallel.h"
#include "tests/support/test_clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* --- a server, and somebody who starts it again when it was ended --- */

struct visit {
    struct mock mock;
    const char *options[8]; /* the server's */
    const char *const *arguments;
    struct process_result result;
    atomic_bool is_over;
};

/* The clock is an hour ahead from here on, so that no lease lasts: nobody waits for one. */
static void let_leases_end(void)
{
    char text[sizeof "2026-11-22T10:02:11Z"];
    time_t later = time(NULL) + 3600;
    struct tm utc;
    gmtime_r(&later, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    test_clock_set(text);
}

/* What is started on behalf of others' servers is under no test clock, whatever started us. */
static void try_or_look_after(size_t index, void *context)
{
    struct visit *visit = context;
    if (index == 0) {
        visit->result = conform_run(
            visit->arguments, (const char *const[]){"LD_PRELOAD=", "INVONCE_TEST_CLOCK=", NULL});
        visit->is_over = true;
        return;
    }
    while (!visit->is_over) {
        if (process_wait(&visit->mock.process, 20) == PROCESS_RUNNING) continue;
        let_leases_end();
        if (!room_server_again(&visit->mock, visit->options)) support_die("no server again");
    }
}

/* The report of all that can be tried; to be freed. `forgets`: the crash takes the store along. */
static struct json *visit_server(const char *bug, bool forgets, int *code)
{
    struct visit visit = {.options = {"--faults-api", "--in-progress-wait", "100ms"}};
    if (bug) {
        visit.options[3] = "--bug";
        visit.options[4] = bug;
    }
    assert_true(mock_start(&visit.mock, visit.options));
    char *kill = support_format("test -z \"$LD_PRELOAD\" || exit; kill -9 %d; "
                                "while kill -0 %d 2>/dev/null; do sleep 0.01; done; %s %s/*",
                                (int)visit.mock.process.pid, (int)visit.mock.process.pid,
                                forgets ? "rm" : ":", visit.mock.directory);
    visit.arguments = (const char *const[]){"--json",       "--url",
                                            visit.mock.url, "--token",
                                            TOKEN_ANA,      "--other-token",
                                            TOKEN_EVE,      "--restart-command",
                                            kill,           "--lease",
                                            "1s",           "--timeout",
                                            "60s",          NULL};
    parallel_run(2, try_or_look_after, &visit);
    struct json *report = json_read(visit.result.output, strlen(visit.result.output));
    if (!report) fail_msg("no report: %s%s", visit.result.output, visit.result.errors);
    assert_null(strstr(visit.result.output, TOKEN_ANA));
    *code = visit.result.code;
    process_result_clear(&visit.result);
    mock_clear(&visit.mock);
    free(kill);
    return report;
}

static const struct json *entry_of(const struct json *report, const char *name)
{
    const struct json *entry = json_first(json_member(report, "cases"));
    while (entry && strcmp(json_text(entry, "case"), name) != 0)
        entry = json_next(entry);
    if (!entry) fail_msg("the report has no case %s", name);
    return entry;
}

static void assert_outcome(const struct json *report, const char *name, const char *outcome)
{
    const struct json *entry = entry_of(report, name);
    if (strcmp(json_text(entry, "outcome"), outcome) == 0) return;
    char *text = json_to(entry);
    fail_msg("%s: not %s: %s", name, outcome, text);
}

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

/* All pass but those, which have that outcome. */
static void assert_all_pass_but(const struct json *report, const char *const *others,
                                const char *outcome)
{
    assert_int_equal(json_count(json_member(report, "cases")), CASE_COUNT);
    for (size_t i = 0; i < CASE_COUNT; i++)
        assert_outcome(report, CASES[i].name, is_among(CASES[i].name, others) ? outcome : "pass");
}

/* --- ours --- */

static void ours_passes(void **state)
{
    (void)state;
    int code;
    struct json *report = visit_server(NULL, false, &code);
    assert_all_pass_but(report, (const char *const[]){"expiry", NULL}, "not_offered");
    assert_int_equal(code, 0);
    json_free(report);
}

static const struct {
    const char *bug;
    const char *fails;   /* always */
    const char *also[4]; /* may fail for it, too */
} BUGS[] = {
    {"check-then-store", "race", {"simultaneous", "in-progress", "conflict"}},
    {"cache-5xx", "server-error", {NULL}},
    {"no-tenant", "tenant", {NULL}},
    {"first-body-wins", "other-body", {"in-progress", "order", "key-in-body"}},
    {"no-lease", "crash", {NULL}},
};

static void each_bug_fails_in_its_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof BUGS / sizeof *BUGS; i++) {
        int code;
        print_message("--bug %s\n", BUGS[i].bug);
        struct json *report = visit_server(BUGS[i].bug, false, &code);
        assert_outcome(report, BUGS[i].fails, "fail");
        assert_int_equal(code, 1);
        const struct json *failure =
            json_pointer_get(entry_of(report, BUGS[i].fails), "/failures/0");
        assert_non_null(json_text(failure, "what"));
        assert_string_equal(json_pointer_text(failure, "/request/method"), "POST");
        assert_true(json_integer(json_pointer_get(failure, "/answer/status"), 0) >= 200);
        for (size_t j = 0; j < CASE_COUNT; j++)
            if (strcmp(CASES[j].name, BUGS[i].fails) != 0 && strcmp(CASES[j].name, "expiry") != 0 &&
                !is_among(CASES[j].name, BUGS[i].also))
                assert_outcome(report, CASES[j].name, "pass");
        json_free(report);
    }
}

/* It starts again, and nothing is there of what it had told. */
static void a_server_that_forgets_is_noticed(void **state)
{
    (void)state;
    int code;
    if (stores_are_postgres()) skip();
    struct json *report = visit_server(NULL, true, &code);
    assert_outcome(report, "crash", "fail");
    assert_int_equal(json_integer(json_member(report, "failed"), 0), 1);
    assert_int_equal(code, 1);
    json_free(report);
}

/* A server that compares no two requests whose key is in the body. */
static void a_key_in_the_body_that_is_not_looked_into_is_noticed(void **state)
{
    (void)state;
    struct mock mock = {0};
    mock_use(LAB_UNCHECKED_KEY_IN_BODY);
    assert_true(mock_start(&mock, NULL));
    mock_use(NULL);
    struct process_result result =
        conform_run((const char *const[]){"--json", "--url", mock.url, "--token", TOKEN_ANA,
                                          "--timeout", "60s", NULL},
                    NULL);
    struct json *report = json_from(result.output);
    assert_outcome(report, "key-in-body", "fail");
    assert_outcome(report, "other-body", "pass");
    assert_int_equal(json_integer(json_member(report, "failed"), 0), 1);
    assert_int_equal(result.code, 1);
    json_free(report);
    process_result_clear(&result);
    mock_clear(&mock);
}

/* Only what a short lifetime can't spoil is tried with one. */
static void a_lifetime_ends(void **state)
{
    (void)state;
    struct mock mock = {0};
    assert_true(mock_start(&mock, (const char *const[]){"--key-ttl", "1s", NULL}));
    struct process_result result =
        conform_run((const char *const[]){"--url", mock.url, "--token", TOKEN_ANA, "--key-ttl",
                                          "1s", "--only", "expiry", "--timeout", "60s", NULL},
                    NULL);
    if (result.code != 0) fail_msg("%s%s", result.output, result.errors);
    assert_non_null(strstr(result.output, "\npass         expiry "));
    assert_non_null(strstr(result.output, "\n1 pass, 0 fail, 0 not offered\n"));
    process_result_clear(&result);
    mock_clear(&mock);
}

/* A lifetime that is longer than was said, which is as if the key were kept, and shorter. */
static void another_lifetime_than_was_said_is_noticed(void **state)
{
    static const struct {
        const char *said, *words;
    } SAID[] = {{"1ms", "the same past the key's lifetime: status 201, not 200"},
                {"6s", "the same within the key's lifetime: status 200, not 201"}};
    struct mock mock = {0};
    (void)state;
    for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++) {
        assert_true(
            mock_start(&mock, (const char *const[]){"--key-ttl", i == 0 ? "24h" : "1s", NULL}));
        struct process_result result = conform_run(
            (const char *const[]){"--url", mock.url, "--token", TOKEN_ANA, "--key-ttl",
                                  SAID[i].said, "--only", "expiry", "--timeout", "60s", NULL},
            NULL);
        assert_int_equal(result.code, 1);
        assert_non_null(strstr(result.output, SAID[i].words));
        process_result_clear(&result);
        mock_clear(&mock);
    }
}

/* --- an endpoint of one's own --- */

static const char ORDERS[] =
    "{\"path\":\"/v1/orders\","
    "\"body\":{\"reference\":\"{{unique}}\",\"email\":\"ap@northwind.example\","
    "\"date\":\"2026-11-22\",\"items\":[{\"item\":\"Chair\",\"count\":\"4\"}]},"
    "\"unique\":\"/reference\",\"change\":{\"date\":\"2026-11-23\"},\"invalid\":{\"date\":null},"
    "\"key\":{\"value\":\"{{key}}\",\"malformed\":[\"two words\",\" \"]},"
    "\"replayed\":\"Idempotent-Replayed\",\"id\":\"/id\",\"original\":\"/existing/id\","
    "\"location\":true,\"refusals\":{\"size\":null%s}}";

static struct process_result try_orders(const struct mock *mock, const char *more)
{
    char *text = endpoint_fill(ORDERS, "%s", more);
    struct process_result result = conform_run_case(mock->url, text);
    free(text);
    return result;
}

static void an_endpoint_of_ones_own_is_tried(void **state)
{
    (void)state;
    struct mock mock = {0};
    mock_use_orders();
    assert_true(mock_start(&mock, NULL));
    struct process_result result =
        try_orders(&mock, ",\"key-malformed\":{\"status\":400,\"type\":"
                          "\"urn:invonce:problem:idempotency-key-malformed\"}");
    struct json *report = json_from(result.output);
    static const char *const LACKING[] = {
        "key-forms",   "near-keys",       "key-in-body",  "size",
        "in-progress", "endpoint",        "tenant",       "expiry",
        "crash",       "disagreeing-key", "server-error", NULL};
    assert_all_pass_but(report, LACKING, "not_offered");
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    json_free(report);

    result = try_orders(&mock, ",\"key-reused\":400,\"taken\":{\"status\":409,\"type\":\"other\"}");
    report = json_from(result.output);
    assert_outcome(report, "other-body", "fail");
    assert_outcome(report, "conflict", "fail");
    assert_outcome(report, "replay", "pass");
    assert_int_equal(result.code, 1);
    process_result_clear(&result);
    json_free(report);
    mock_clear(&mock);
}

/* --- what is no server --- */

static void assert_nothing_passes(const char *url)
{
    long long start = support_now_ms();
    struct process_result result =
        conform_run((const char *const[]){"--json", "--url", url, "--token", "t", "--other-token",
                                          "t", "--key-ttl", "1ms", "--restart-command", "true",
                                          "--lease", "1ms", "--timeout", "500ms", NULL},
                    NULL);
    assert_int_equal(result.code, 1);
    assert_true(support_now_ms() - start < PATIENCE_MS);
    struct json *report = json_from(result.output);
    assert_int_equal(json_integer(json_member(report, "passed"), -1), 0);
    assert_int_equal(json_integer(json_member(report, "failed"), -1), 1);
    assert_outcome(report, "create", "fail");
    json_free(report);
    process_result_clear(&result);
}

/* Each case by itself, as they aren't tried where nothing can be created. */
static void assert_each_ends(const char *url)
{
    for (size_t i = 0; i < CASE_COUNT; i++) {
        struct process_result result =
            conform_run((const char *const[]){"--url", url, "--token", "t", "--only", CASES[i].name,
                                              "--other-token", "t", "--key-ttl", "1ms", "--lease",
                                              "1ms", "--timeout", "200ms", NULL},
                        NULL);
        bool lacks = strstr(result.output, "\nnot offered ") != NULL;
        if (result.code != (lacks ? 0 : 1))
            fail_msg("%s: %d: %s%s", CASES[i].name, result.code, result.output, result.errors);
        process_result_clear(&result);
    }
}

static void a_server_that_hangs_up(void **state)
{
    (void)state;
    struct proxy proxy = {0};
    proxy_start(&proxy);
    assert_nothing_passes(proxy.url);
    assert_each_ends(proxy.url);
    proxy_stop(&proxy);
    proxy_clear(&proxy);
}

/* The kernel takes the connections, and nobody reads them. */
static void a_server_that_hangs(void **state)
{
    (void)state;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&here, length), 0);
    assert_int_equal(listen(listener, 4000), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &length), 0);
    char *url = support_format("http://127.0.0.1:%hu", ntohs(here.sin_port));
    assert_nothing_passes(url);
    assert_each_ends(url);
    free(url);
    close(listener);
}

static void a_server_that_says_anything(void **state)
{
    static const char *const ANSWERS[] = {
        "\x1b[31m\xFF garbage\r\n\r\n\r\n",
        "HTTP/1.1 201 Created\r\nLocation: \x1b[2J\r\nContent-Length: 9\r\n\r\n\x1b]0;\xC3\x28{}",
        "HTTP/1.1 201 Created\r\nLocation: http://elsewhere.example/\r\nContent-Length: "
        "2\r\n\r\n[]",
        "HTTP/1.1 201 Created\r\nContent-Length: 9999\r\n\r\n{\"id\":",
    };
    (void)state;
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++) {
        struct proxy proxy = {.canned = ANSWERS[i], .canned_reads = true};
        proxy_start(&proxy);
        struct process_result result = conform_run(
            (const char *const[]){"--url", proxy.url, "--token", "t", "--timeout", "2s", NULL},
            NULL);
        assert_int_equal(result.code, 1);
        assert_null(strchr(result.output, '\x1b'));
        assert_null(strchr(result.output, '\xFF'));
        process_result_clear(&result);
        proxy_stop(&proxy);
        proxy_clear(&proxy);
    }
}

static void a_server_that_never_stops_talking(void **state)
{
    (void)state;
    size_t length = 4 * 1024 * 1024;
    char *reply = malloc(length);
    assert_non_null(reply);
    memset(reply, 'x', length);
    memcpy(reply, "HTTP/1.1 201 Created\r\n\r\n", 24);
    struct proxy proxy = {.canned = reply, .canned_length = length, .canned_reads = true};
    proxy_start(&proxy);
    struct process_result result =
        conform_run((const char *const[]){"--url", proxy.url, "--token", "t", NULL}, NULL);
    assert_int_equal(result.code, 1);
    assert_non_null(strstr(result.output, "the answer has no end"));
    process_result_clear(&result);
    proxy_stop(&proxy);
    proxy_clear(&proxy);
    free(reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_in_the_body_that_is_not_looked_into_is_noticed),
        cmocka_unit_test(ours_passes),
        cmocka_unit_test(each_bug_fails_in_its_case),
        cmocka_unit_test(a_server_that_forgets_is_noticed),
        cmocka_unit_test(a_lifetime_ends),
        cmocka_unit_test(another_lifetime_than_was_said_is_noticed),
        cmocka_unit_test(a_server_that_hangs_up),
        cmocka_unit_test(a_server_that_hangs),
        cmocka_unit_test(a_server_that_says_anything),
        cmocka_unit_test(a_server_that_never_stops_talking),
        cmocka_unit_test(
            an_endpoint_of_ones_own_is_tried), /* the server with orders from there on */
    };
    return cmocka_run_group_tests_name("lab_conform", tests, NULL, NULL);
}
