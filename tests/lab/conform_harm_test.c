/* Trying a server does it no harm, however that ends, and what isn't seen isn't told as seen. */
#include "tests/lab/conform/faults.h"
#include "tests/lab/conform/lost.h"
#include "tests/lab/conform/witness.h"
#include "tests/lab/conform_runs.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/mock.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
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

/* --- what was lost --- */

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
        cmocka_unit_test(what_was_lost_is_compared_byte_for_byte),
    };
    http_setup();
    return cmocka_run_group_tests_name("lab_conform_harm", tests, NULL, NULL);
}
