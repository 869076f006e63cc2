/* The words of `invonce-lab conform`: of a command line or a case file that is wrong, and of what
 * servers said. */
#include "tests/client/proxy.h"
#include "tests/lab/conform_runs.h"
#include "tests/support/mock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* --- called wrongly --- */

static const struct {
    const char *const arguments[8];
    const char *words;
} WRONG[] = {
    {{NULL}, "--url and --token are needed"},
    {{"--url", "http://h", NULL}, "--url and --token are needed"},
    {{"--url", "ftp://h", "--token", "t", NULL}, "no address of a server: ftp://h"},
    {{"--url", "//", "--token", "t", NULL}, "no address of a server: //"},
    {{"--url", "http://h:1#f", "--token", "t", NULL}, "can't have a ? or #: http://h:1#f"},
    {{"--url", "http://h:1?q=1", "--token", "t", NULL}, "can't have a ? or #: http://h:1?q=1"},
    {{"--url", NULL}, "unknown, or without its value (see --help): --url"},
    {{"--url", "http://h", "--token", "two words", NULL}, "a token has only"},
    {{"--url", "http://h", "--token", "t", "--other-token", "a\r\nb: c", NULL}, "a token has only"},
    {{"--url", "http://h", "--token-file", "/no/such", NULL}, "/no/such: No such file"},
    {{"--url", "http://h", "--token-file", "/dev/null", NULL}, "there is no token in it"},
    {{"--no-such", "x", NULL}, "there is no such option: --no-such"},
    {{"--lease", "soon", NULL}, "--lease takes a duration"},
    {{"--lease", "2h", NULL}, "of 1h at most, not 2h"},
    {{"--key-ttl", "2h", NULL}, "of 1h at most, not 2h"},
    {{"--timeout", "6m", NULL}, "of 5m at most, not 6m"},
    {{"--only", "\x1b[31m", NULL}, "there is no such case (see --help): \xEF\xBF\xBD[31m"},
    {{"--only", "all", NULL}, "there is no such case (see --help): all"},
    {{"--url", "http://h", "--token", "t", "--case", "/no/such", NULL}, "it can't be read"},
};

static void what_is_wrong_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        struct process_result result = conform_run(WRONG[i].arguments, NULL);
        if (result.code != 2 || !strstr(result.errors, WRONG[i].words) || *result.output)
            fail_msg("%s: %d %s%s", WRONG[i].words, result.code, result.output, result.errors);
        process_result_clear(&result);
    }
}

#define WHOLE "{\"path\":\"/x\",\"body\":{\"a\":\"{{unique}}\"},"

static const struct {
    const char *text, *words;
} FILES[] = {
    {"{", "line 1"},
    {"[]", "object"},
    {"{}", "there is no path"},
    {"{\"path\":\"x\"}", "a path begins with /"},
    {"{\"path\":\"/x\"}", "there is no body"},
    {"{\"path\":\"/x\",\"body\":{}}", "/body must have {{unique}}"},
    {"{\"path\":\"/x\",\"body\":{\"a\":\"{{unique}}\"},\"unique\":\"/b\"}", "/unique must point"},
    {"{\"path\":7}", "/path must be a text"},
    {"{\"path\":\"/x\",\"bdoy\":{}}", "/bdoy: there is no such member"},
    {"{\"path\":\"/x\",\"key\":{\"haeder\":\"\"}}", "/key/haeder: there is no such member"},
    {"{\"path\":\"/x\",\"refusals\":{\"taken\":\"409\"}}", "/refusals/taken must be a status"},
    {"{\"path\":\"/x\",\"refusals\":{\"taeken\":409}}", "/refusals/taeken: there is no such"},
    {"{\"path\":\"/x\",\"body\":{\"a\":\"{{unique}}\"},\"key\":{\"value\":\"k\"}}",
     "/key/value must have {{key}}"},
    {WHOLE "\"key\":{\"also\":[\"constant\"]}}", "/key/also must be texts with {{key}}"},
    {WHOLE "\"key\":{\"also\":[\"{{key}}\\r\\nEvil: 1\"]}}", "and no controls"},
    {WHOLE "\"key\":{\"value\":\"{{key}}\\nEvil: 1\"}}", "and no controls"},
    {WHOLE "\"key\":{\"malformed\":[1]}}", "/key/malformed must be texts"},
    {WHOLE "\"key\":{\"malformed\":[\"a\\nEvil: 1\"]}}", "without line breaks"},
    {WHOLE "\"key\":{\"malformed\":[\"a\\u0000\"]}}", "U+0000"},
    {WHOLE "\"key\":{\"header\":\"\"}}", "/key/header and /replayed are names"},
    {WHOLE "\"key\":{\"header\":\"X: y\\r\\nEvil\"}}", "/key/header and /replayed are names"},
    {WHOLE "\"replayed\":\"two words\"}", "/key/header and /replayed are names"},
    {WHOLE "\"body_max\":2147483647}", "/body_max must be a whole number from 1 to 67108864"},
    {WHOLE "\"body_max\":1e300}", "/body_max must be a whole number"},
    {WHOLE "\"body_max\":0}", "/body_max must be a whole number"},
    {WHOLE "\"key\":{\"length_max\":65537}}", "/key/length_max must be a whole number from 1 to"},
    {WHOLE "\"statuses\":{\"created\":4294967497}}", "a whole number from 100 to 599"},
    {WHOLE "\"statuses\":{\"expired\":200.5}}", "a whole number from 100 to 599"},
    {WHOLE "\"refusals\":{\"taken\":400.5}}", "/refusals/taken must be a status (100 to 599)"},
    {WHOLE "\"refusals\":{\"taken\":1e99}}", "/refusals/taken must be a status"},
    {WHOLE "\"refusals\":{\"taken\":0}}", "/refusals/taken must be a status"},
    {WHOLE "\"refusals\":{\"taken\":{\"status\":99}}}", "/refusals/taken must be a status"},
    {WHOLE "\"refusals\":{\"\\u001b[2J\":1}}", "/refusals/\xEF\xBF\xBD[2J: there is no such"},
    {WHOLE "\"\\u001b[2J\":1}", "/\xEF\xBF\xBD[2J: there is no such member"},
    {"{\"path\":\"/x\\u001b[2J\"}", "has no blanks, controls or #"},
    {"{\"path\":\"/x y\"}", "has no blanks, controls or #"},
    {"{\"path\":\"/x#y\"}", "has no blanks, controls or #"},
    {WHOLE "\"elsewhere\":{\"path\":\"/x\\n\",\"body\":{}}}", "has no blanks, controls or #"},
    {"{\"path\":\"/x\",\"body\":{\"a\":\"{{unique}}\"},\"key\":{\"also\":[1]}}",
     "/key/also must be texts"},
    {"{\"path\":\"/x\",\"body\":{\"a\":\"{{unique}}\"},\"elsewhere\":{\"path\":\"/y\"}}",
     "/elsewhere has a path and a body"},
};

static void what_is_wrong_in_a_case_file_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        struct process_result result = conform_run_case("http://h", FILES[i].text);
        if (result.code != 2 || !strstr(result.errors, FILES[i].words) || *result.output ||
            strchr(result.errors, '\x1b'))
            fail_msg("%s: %d %s", FILES[i].text, result.code, result.errors);
        process_result_clear(&result);
    }
}

static void a_case_file_that_is_too_large_is_told_so(void **state)
{
    size_t length = 1024 * 1024 + 1;
    char *text = malloc(length + 1);
    (void)state;
    assert_non_null(text);
    memset(text, ' ', length);
    text[length] = '\0';
    struct process_result result = conform_run_case("http://h", text);
    assert_int_equal(result.code, 2);
    assert_non_null(strstr(result.errors, "it is too large: 1048576 bytes at most"));
    process_result_clear(&result);
    free(text);
}

/* --- the help, the token, and what can't be written --- */

static void the_help_is_shown_wherever_it_is_asked_for(void **state)
{
    (void)state;
    struct process_result result =
        conform_run((const char *const[]){"--json", "--only", "create", "--help", NULL}, NULL);
    assert_int_equal(result.code, 0);
    assert_non_null(strstr(result.output, "Usage: invonce-lab conform"));
    process_result_clear(&result);
}

static void a_report_that_cannot_be_written_fails(void **state)
{
    static const char *const MORE[][2] = {{"--json"}, {"--lease", "30s"}, {"--help"}};
    struct mock mock = {0};
    (void)state;
    assert_true(mock_start(&mock, NULL));
    for (size_t i = 0; i < sizeof MORE / sizeof *MORE; i++) {
        struct process_result result = process_run(
            (const char *const[]){"/bin/sh", "-c", "exec \"$@\" >/dev/full", "sh", LAB_PROGRAM,
                                  "conform", "--url", mock.url, "--token", TOKEN_ANA, "--only",
                                  "create", MORE[i][0], MORE[i][1], NULL},
            NULL, PATIENCE_MS);
        assert_int_equal(result.code, 1);
        assert_non_null(strstr(result.errors, "the report can't be written: No space left"));
        process_result_clear(&result);
    }
    mock_clear(&mock);
}

static void tokens_come_from_files(void **state)
{
    char directory[TEMP_DIR_SIZE];
    struct mock mock = {0};
    (void)state;
    temp_dir_make(directory);
    char *ana = temp_dir_write(directory, "ana", TOKEN_ANA "\r\nnot this", 36);
    char *eve = temp_dir_write(directory, "eve", TOKEN_EVE, strlen(TOKEN_EVE));
    assert_true(mock_start(&mock, NULL));
    struct process_result result =
        conform_run((const char *const[]){"--url", mock.url, "--token-file", ana,
                                          "--other-token-file", eve, "--only", "tenant", NULL},
                    NULL);
    if (result.code != 0) fail_msg("%s%s", result.output, result.errors);
    assert_non_null(strstr(result.output, "\npass         tenant "));
    process_result_clear(&result);
    mock_clear(&mock);
    temp_dir_remove(directory);
    free(ana);
    free(eve);
}

/* --- what servers say --- */

/* What is said of one that answers so. */
static struct process_result hear(const char *answer)
{
    struct proxy proxy = {.canned = answer, .canned_reads = true};
    proxy_start(&proxy);
    struct process_result result = conform_run(
        (const char *const[]){"--url", proxy.url, "--token", "t", "--only", "create", NULL}, NULL);
    assert_int_equal(result.code, 1);
    proxy_stop(&proxy);
    proxy_clear(&proxy);
    return result;
}

static void what_is_no_answer_is_told_as_such(void **state)
{
    static const char *const ANSWERS[] = {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/9\r\n\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof ANSWERS / sizeof *ANSWERS; i++) {
        struct process_result result = hear(ANSWERS[i]);
        if (!strstr(result.output, "what came is no answer in HTTP")) fail_msg("%s", result.output);
        process_result_clear(&result);
    }
}

static void a_header_without_an_end_is_told_as_such(void **state)
{
    (void)state;
    struct support_buffer answer = {0};
    support_append(&answer, "HTTP/1.1 201 Created\r\nX: ", 25);
    for (size_t i = 0; i < 20000; i++)
        support_append(&answer, "endless ", 8);
    struct process_result result = hear(answer.bytes);
    if (!strstr(result.output, "the head of the answer is too long"))
        fail_msg("%.2000s", result.output);
    process_result_clear(&result);
    free(answer.bytes);
}

/* Its token is for that server alone. */
static void what_is_on_another_server_is_not_asked_for(void **state)
{
    struct proxy proxy = {.canned = "HTTP/1.1 201 Created\r\nLocation: http://h.example/1\r\n"
                                    "Content-Length: 2\r\n\r\n{}",
                          .canned_reads = true};
    (void)state;
    proxy_start(&proxy);
    struct process_result result = conform_run(
        (const char *const[]){"--url", proxy.url, "--token", "t", "--only", "location", NULL},
        NULL);
    assert_int_equal(result.code, 0);
    assert_non_null(strstr(result.output, "\nnot offered  location         the Location is on "
                                          "another server, which isn't told the token\n"));
    process_result_clear(&result);
    proxy_stop(&proxy);
    proxy_clear(&proxy);
}

static void of_many_headers_some_are_shown(void **state)
{
    (void)state;
    struct support_buffer answer = {0};
    support_append(&answer, "HTTP/1.1 500 No\r\n", 17);
    for (int i = 0; i < 100; i++) {
        char *line = support_format("X-%d: y\r\n", i);
        support_append(&answer, line, strlen(line));
        free(line);
    }
    support_append(&answer, "\r\n", 2);
    struct process_result result = hear(answer.bytes);
    assert_non_null(strstr(result.output, "< x-31: y\n"));
    assert_null(strstr(result.output, "< x-32: y\n"));
    assert_non_null(strstr(result.output, "< ... and 68 more\n"));
    process_result_clear(&result);
    free(answer.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_said),
        cmocka_unit_test(what_is_wrong_in_a_case_file_is_said),
        cmocka_unit_test(a_case_file_that_is_too_large_is_told_so),
        cmocka_unit_test(the_help_is_shown_wherever_it_is_asked_for),
        cmocka_unit_test(a_report_that_cannot_be_written_fails),
        cmocka_unit_test(tokens_come_from_files),
        cmocka_unit_test(what_is_no_answer_is_told_as_such),
        cmocka_unit_test(a_header_without_an_end_is_told_as_such),
        cmocka_unit_test(what_is_on_another_server_is_not_asked_for),
        cmocka_unit_test(of_many_headers_some_are_shown),
    };
    return cmocka_run_group_tests_name("lab_conform_words", tests, NULL, NULL);
}
