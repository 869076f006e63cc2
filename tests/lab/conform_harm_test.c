/* Trying a server does it no harm, however that ends, and what isn't seen isn't told as seen. */
#include "tests/client/proxy.h"
#include "tests/lab/conform/cases.h"
#include "tests/lab/conform/faults.h"
#include "tests/lab/conform/lost.h"
#include "tests/lab/conform/witness.h"
#include "tests/lab/conform_runs.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/mock.h"
#include "tests/support/parallel.h"
#include "tests/support/raw.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* --- its rules --- */

#define THEIR_RULE "drop-response@first=3,endpoint=/v1/customers"

static struct http_reply ask_rules(const struct mock *mock, const char *method, const char *rules)
{
    char *url = support_format("%s/_mock/faults", mock->url);
    struct http_reply reply = http_send(
        &(struct http_request){.method = method, .url = url, .token = TOKEN_ANA, .body = rules});
    assert_int_equal(reply.status, 200);
    free(url);
    return reply;
}

static void set_rule(const struct mock *mock, const char *rule)
{
    char *rules = support_format("{\"rules\":[\"%s\"]}", rule);
    struct http_reply reply = ask_rules(mock, "PUT", rules);
    http_reply_clear(&reply);
    free(rules);
}

static bool has_rule(const struct mock *mock, const char *rule)
{
    struct http_reply reply = ask_rules(mock, NULL, NULL);
    bool has = strcmp(json_pointer_text(reply.json, "/rules/0"), rule) == 0;
    http_reply_clear(&reply);
    return has;
}

static bool holds(void *mock)
{
    return has_rule(mock, FAULT_HOLD_NEW);
}

/* It has a rule of its own in force until that command ends. */
static void start_and_hold(struct process *process, struct mock *mock, const char *command)
{
    assert_true(mock_start(mock, (const char *const[]){"--faults-api", NULL}));
    set_rule(mock, THEIR_RULE);
    conform_start(process,
                  (const char *const[]){"--url", mock->url, "--token", TOKEN_ANA, "--only", "crash",
                                        "--restart-command", command, "--timeout", "60s", NULL});
    assert_true(support_wait_until(holds, mock, PATIENCE_MS));
}

static void a_signal_leaves_no_rule_behind(void **state)
{
    static const int SIGNALS[] = {SIGINT, SIGTERM, SIGHUP};
    (void)state;
    for (size_t i = 0; i < sizeof SIGNALS / sizeof *SIGNALS; i++) {
        struct mock mock = {0};
        struct process process = {0};
        start_and_hold(&process, &mock, "exec sleep 600");
        process_signal(&process, SIGNALS[i]);
        assert_int_equal(process_wait(&process, PATIENCE_MS), 128 + SIGNALS[i]);
        char *words = process_errors(&process);
        assert_string_equal(words, "");
        assert_true(has_rule(&mock, THEIR_RULE));
        free(words);
        process_clear(&process);
        mock_clear(&mock);
    }
}

static void a_signal_says_what_could_not_be_put_back(void **state)
{
    struct mock mock = {0};
    struct process process = {0};
    (void)state;
    start_and_hold(&process, &mock, "exec sleep 600");
    mock_kill(&mock);
    process_signal(&process, SIGTERM);
    assert_int_equal(process_wait(&process, PATIENCE_MS), 128 + SIGTERM);
    char *words = process_errors(&process);
    assert_non_null(strstr(words, "couldn't be put back"));
    assert_non_null(strstr(words, THEIR_RULE));
    free(words);
    process_clear(&process);
    mock_clear(&mock);
}

/* What it would print next is what came of the crash. */
static void who_reads_no_more_leaves_no_rule_behind(void **state)
{
    struct mock mock = {0};
    struct process process = {0};
    char directory[TEMP_DIR_SIZE];
    (void)state;
    temp_dir_make(directory);
    char *command = support_format("until test -e '%s/go'; do sleep 0.01; done", directory);
    start_and_hold(&process, &mock, command);
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_true(dup2(nothing, process.output) >= 0);
    free(temp_dir_write(directory, "go", "", 0));
    assert_int_equal(process_wait(&process, PATIENCE_MS), 128 + SIGPIPE);
    assert_true(has_rule(&mock, THEIR_RULE));
    close(nothing);
    process_clear(&process);
    mock_clear(&mock);
    temp_dir_remove(directory);
    free(command);
}

/* A run that was killed, before; the server's rule would hold each request for an hour. */
static void a_rule_that_a_run_left_goes(void **state)
{
    static const char *const OURS[] = {FAULT_HOLD_FIRST, FAULT_HOLD_NEW, FAULT_FAIL_NEW};
    (void)state;
    for (size_t i = 0; i < sizeof OURS / sizeof *OURS; i++) {
        struct mock mock = {0};
        assert_true(mock_start(&mock, (const char *const[]){"--faults-api", NULL}));
        set_rule(&mock, OURS[i]);
        struct process_result result =
            conform_run((const char *const[]){"--url", mock.url, "--token", TOKEN_ANA, "--only",
                                              "create", "--timeout", "60s", NULL},
                        NULL);
        assert_int_equal(result.code, 0);
        assert_true(has_rule(&mock, ""));
        process_result_clear(&result);
        mock_clear(&mock);
    }
}

/* --- a crash --- */

static void a_crash_that_was_none_is_noticed(void **state)
{
    static const char *const OPTIONS[][2] = {{NULL}, {"--faults-api"}};
    (void)state;
    for (size_t i = 0; i < sizeof OPTIONS / sizeof *OPTIONS; i++) {
        struct mock mock = {0};
        assert_true(mock_start(&mock, OPTIONS[i]));
        struct process_result result = conform_run(
            (const char *const[]){"--url", mock.url, "--token", TOKEN_ANA, "--only", "crash",
                                  "--restart-command", "true", "--timeout", "60s", NULL},
            NULL);
        assert_int_equal(result.code, 1);
        assert_non_null(strstr(result.output, "the restart command didn't end the server"));
        process_result_clear(&result);
        mock_clear(&mock);
    }
}

static void a_witness_sees_a_server_end(void **state)
{
    struct mock mock = {0};
    struct witness witness;
    (void)state;
    assert_true(mock_start(&mock, NULL));
    witness_open(&witness, &(struct run_settings){.url = mock.url, .timeout_ms = PATIENCE_MS});
    assert_false(witness_saw_an_end(&witness));
    mock_kill(&mock);
    assert_true(witness_saw_an_end(&witness));
    witness_close(&witness);
    mock_clear(&mock);
}

/* It ends each connection after its answer: an idle one shows its end. */
static void a_witness_sees_the_end_of_a_server_that_keeps_no_connection(void **state)
{
    struct proxy proxy = {.canned = "HTTP/1.0 404 No\r\n\r\n", .canned_reads = true};
    struct witness witness;
    (void)state;
    proxy_start(&proxy);
    witness_open(&witness, &(struct run_settings){.url = proxy.url, .timeout_ms = PATIENCE_MS});
    assert_false(witness_saw_an_end(&witness));
    proxy_stop(&proxy);
    assert_true(witness_saw_an_end(&witness));
    witness_close(&witness);
    proxy_clear(&proxy);
}

/* --- what is not asked any more --- */

/* Of a server that takes connections; its URL is the caller's to free. */
static int listen_here(char **url)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&here, sizeof here), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &length), 0);
    *url = support_format("http://127.0.0.1:%hu", ntohs(here.sin_port));
    return listener;
}

/* Less than its time was left to it. */
static void what_had_no_time_to_answer_is_no_failure(void **state)
{
    struct endpoint endpoint;
    struct run run;
    char *url;
    int listener = listen_here(&url);
    (void)state;
    assert_true(endpoint_read(&endpoint, LAB_CONFORM_CASE));
    const struct run_settings settings = {.url = url, .token = "t", .timeout_ms = 500};
    run_open(&run, &settings, &endpoint);
    run.deadline = support_now_ms() + 100;
    case_lost_reply(&run);
    assert_int_equal(json_count(run.failures), 0);
    assert_non_null(strstr(run.lack, "the whole takes too long"));
    assert_true(run_close(&run));
    endpoint_clear(&endpoint);
    close(listener);
    free(url);
}

/* A server that is silent in one case may well answer in the next one. */
static void what_was_not_asked_is_no_failure(void **state)
{
    struct endpoint endpoint;
    struct mock mock = {0};
    struct run run;
    (void)state;
    assert_true(mock_start(&mock, NULL));
    const struct run_settings settings = {
        .url = mock.url, .token = TOKEN_ANA, .timeout_ms = PATIENCE_MS};
    assert_true(endpoint_read(&endpoint, LAB_CONFORM_CASE));
    run_open(&run, &settings, &endpoint);
    run.silent = 3;
    case_replay(&run);
    assert_int_equal(json_count(run.failures), 0);
    assert_non_null(strstr(run.lack, "no longer answers"));
    run_next_case(&run);
    case_replay(&run);
    assert_int_equal(json_count(run.failures), 0);
    assert_null(run.lack);
    run.deadline = 0;
    for (size_t i = 0; i < CASE_COUNT; i++) {
        run_next_case(&run);
        CASES[i].run(&run);
        if (json_count(run.failures) > 0 || !run.lack) fail_msg("%s", CASES[i].name);
    }
    assert_true(run_close(&run));
    endpoint_clear(&endpoint);
    mock_clear(&mock);
}

/* --- what was lost --- */

struct two_parts {
    int listener;
    char *url;
    bool is_kept;
};

static void answer_in_two_parts(const struct two_parts *parts)
{
    struct raw_reply asked = {0}, sent = {0}, rest;
    int client = accept4(parts->listener, NULL, NULL, SOCK_CLOEXEC);
    raw_read_until(client, &asked, "\r\n\r\n", PATIENCE_MS);
    raw_send_text(client, "HTTP/1.0 404 No faults API\r\n\r\n");
    close(client);
    client = accept4(parts->listener, NULL, NULL, SOCK_CLOEXEC);
    raw_read_until(client, &sent, "{}", PATIENCE_MS);
    raw_send_text(client, "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[");
    run_sleep(1300); /* longer than a quiet connection is taken for an end, over TLS */
    raw_send_text(client, "]");
    rest = raw_read_all(client, PATIENCE_MS);
    close(client);
    raw_reply_clear(&asked);
    raw_reply_clear(&sent);
    raw_reply_clear(&rest);
}

static void answer_or_lose(size_t index, void *context)
{
    struct two_parts *parts = context;
    const struct run_settings settings = {
        .url = parts->url, .token = "t", .timeout_ms = PATIENCE_MS};
    const struct endpoint endpoint = {.path = "/"};
    struct run run;
    if (index == 0) {
        answer_in_two_parts(parts);
        return;
    }
    run_open(&run, &settings, &endpoint);
    const struct exchange *lost = run_ask(&run, &(struct question){.body = "{}", .cut = CUT_REPLY});
    parts->is_kept = !lost->trouble && lost_body_is(&lost->lost, "[]", 2);
    run_close(&run);
}

static void a_slow_answer_is_lost_whole(void **state)
{
    struct two_parts parts;
    (void)state;
    parts.listener = listen_here(&parts.url);
    parallel_run(2, answer_or_lose, &parts);
    assert_true(parts.is_kept);
    close(parts.listener);
    free(parts.url);
}

static void what_is_whole_is_known(void **state)
{
    static const struct {
        const char *lost;
        bool is_whole;
    } LOST[] = {
        {"", false},
        {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n", false},
        {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[", false},
        {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n[]", true},
        {"HTTP/1.1 102 Processing\r\n\r\n", false},
        {"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 201 C\r\ncontent-length:0\r\n\r\n", true},
        {"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", false},
        {"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n\r\n", true},
        {"HTTP/1.0 201 Created\r\n\r\n{}", false},
        {"\x17\x03\x03", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof LOST / sizeof *LOST; i++) {
        struct support_buffer lost = {0};
        support_append(&lost, LOST[i].lost, strlen(LOST[i].lost));
        if (lost_is_whole(&lost) != LOST[i].is_whole) fail_msg("%s", LOST[i].lost);
        free(lost.bytes);
    }
}

static void what_was_lost_is_compared_byte_for_byte(void **state)
{
    static const struct {
        const char *lost, *body;
        bool is_same;
    } LOST[] = {
        {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", "{}", true},
        {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", "[]", false},
        {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}", "{} ", false},
        {"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n", "", false},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\n\r\n{}", "{}", true},
        {"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n",
         "{}", true},
        {"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", "[]",
         false},
        {"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n", "{}", false},
        {"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}", "{}", false},
        {"HTTP/1.1 201 C\r\nTransfer-Encoding: chunked\r\n\r\n{}", "{}", false},
        {"\x17\x03\x03", "{}", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof LOST / sizeof *LOST; i++) {
        struct support_buffer lost = {0};
        support_append(&lost, LOST[i].lost, strlen(LOST[i].lost));
        if (lost_body_is(&lost, LOST[i].body, strlen(LOST[i].body)) != LOST[i].is_same)
            fail_msg("%s: %s", LOST[i].lost, LOST[i].body);
        free(lost.bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_leaves_no_rule_behind),
        cmocka_unit_test(a_signal_says_what_could_not_be_put_back),
        cmocka_unit_test(who_reads_no_more_leaves_no_rule_behind),
        cmocka_unit_test(a_rule_that_a_run_left_goes),
        cmocka_unit_test(a_crash_that_was_none_is_noticed),
        cmocka_unit_test(a_witness_sees_a_server_end),
        cmocka_unit_test(a_witness_sees_the_end_of_a_server_that_keeps_no_connection),
        cmocka_unit_test(what_was_not_asked_is_no_failure),
        cmocka_unit_test(what_had_no_time_to_answer_is_no_failure),
        cmocka_unit_test(a_slow_answer_is_lost_whole),
        cmocka_unit_test(what_is_whole_is_known),
        cmocka_unit_test(what_was_lost_is_compared_byte_for_byte),
    };
    http_setup();
    return cmocka_run_group_tests_name("lab_conform_harm", tests, NULL, NULL);
}
