/* The command as scripts see it: exit codes, the objects of --json, and what is asked of the
 * command line (DESIGN.md 4.3). */
#include "protocol/wire/canonical_json.h"
#include "tests/client/account.h"
#include "tests/client/batch.h"
#include "tests/client/stage.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define NUMBER "2026-0042"

/* Exactly the members of the contract. */
static void expect_members(const struct json *line)
{
    static const char *const members[] = {"outcome", "key", "attempts", "invoice", "problem"};
    assert_true(json_kind(line) == JSON_OBJECT);
    /* "line" was added to the contract's: the record's place in the input. */
    assert_int_equal(json_count(line), sizeof members / sizeof *members + 1);
    assert_true(json_integer(json_member(line, "line"), 0) > 0);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (!json_member(line, members[i])) fail_msg("no %s", members[i]);
    assert_true(json_kind(json_member(line, "attempts")) == JSON_NUMBER);
    for (size_t i = 3; i < 5; i++) {
        const struct json *value = json_member(line, members[i]);
        assert_true(json_kind(value) == JSON_OBJECT || json_kind(value) == JSON_NULL);
    }
}

/* The one line that `arguments` print; new reference. */
static struct json *expect_line(const struct stage *stage, const char *const *arguments, int code,
                                const char *outcome)
{
    struct process_result result = room_run(&stage->room, arguments);
    struct json *lines = room_lines(result.output);
    if (result.code != code || json_count(lines) != 1)
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    struct json *line = json_take(lines, json_first(lines));
    expect_members(line);
    assert_string_equal(json_pointer_text(line, "/outcome"), outcome);
    json_free(lines);
    process_result_clear(&result);
    return line;
}

static struct json *create(const struct stage *stage, const char *body, int code,
                           const char *outcome)
{
    char *file = room_write(&stage->room, "invoice.json", body);
    struct json *line =
        expect_line(stage, (const char *const[]){"create", file, "--json", NULL}, code, outcome);
    free(file);
    return line;
}

static void created(void **state)
{
    struct stage *stage = *state;
    char *body = sample_body(NUMBER, NULL);
    struct json *line = create(stage, body, 0, "created");
    assert_string_equal(json_pointer_text(line, "/invoice/number"), NUMBER);
    assert_string_equal(json_pointer_text(line, "/invoice/totals/gross"), "217.80");
    assert_int_equal(strlen(json_pointer_text(line, "/key")), 36);
    assert_int_equal(json_pointer_text(line, "/key")[14], '7'); /* UUIDv7 */
    assert_int_equal(json_integer(json_pointer_get(line, "/attempts"), 0), 1);
    assert_true(json_kind(json_pointer_get(line, "/problem")) == JSON_NULL);
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
    json_free(line);
    free(body);
}

static void the_same_key_twice(void **state)
{
    struct stage *stage = *state;
    char *file = room_write_invoice(&stage->room, NUMBER);
    const char *const arguments[] = {"create", file, "--key", "my key, \"7\"", "--json", NULL};
    struct json *first = expect_line(stage, arguments, 0, "created");
    struct json *second = expect_line(stage, arguments, 0, "replayed");
    assert_string_equal(json_pointer_text(first, "/key"), "my key, \"7\"");
    assert_string_equal(json_pointer_text(second, "/key"), "my key, \"7\"");
    assert_true(
        json_equal(json_pointer_get(first, "/invoice"), json_pointer_get(second, "/invoice")));
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
    json_free(first);
    json_free(second);
    free(file);
}

/* A key stands for one request: another one under it is refused, by the server or by the journal
 * that knows it, and the first result stands. */
static void a_key_used_for_another_record(void **state)
{
    struct stage *stage = *state;
    char *file = room_write_invoice(&stage->room, NUMBER);
    const char *const arguments[] = {"create", file, "--key", "k-1", "--json", NULL};
    json_free(expect_line(stage, arguments, 0, "created"));
    free(room_write_invoice(&stage->room, "2026-0043")); /* in the same file */
    struct process_result result = room_run(&stage->room, arguments);
    struct json *lines = room_lines(result.output);
    if (result.code != 4 || json_count(lines) != 1)
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    expect_members(json_item(lines, 0));
    assert_string_equal(json_pointer_text(lines, "/0/outcome"), "rejected");
    assert_string_equal(json_pointer_text(lines, "/0/problem/type"),
                        "urn:invonce:problem:idempotency-key-reused");
    json_free(lines);
    assert_int_equal(account_records(&stage->mock, "2026-0043"), 0);
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
    process_result_clear(&result);
    free(file);
}

static void conflict(void **state)
{
    struct stage *stage = *state;
    char *first = sample_body(NUMBER, NULL),
         *second = sample_body(" 2026-0042", "{\"notes\":\"b\"}");
    json_free(create(stage, first, 0, "created"));
    struct json *line = create(stage, second, 3, "conflict");
    assert_true(json_kind(json_pointer_get(line, "/invoice")) == JSON_NULL);
    assert_string_equal(json_pointer_text(line, "/problem/type"),
                        "urn:invonce:problem:invoice-number-taken");
    assert_string_equal(json_pointer_text(line, "/problem/existing/number"), NUMBER);
    assert_string_equal(
        json_pointer_text(line, "/problem/detail"),
        "This invoice number already exists. We kept the original and didn't create "
        "a second one.");
    json_free(line);
    free(first);
    free(second);
}

static void rejected(void **state)
{
    struct stage *stage = *state;
    char *body = sample_body("", "{\"issue_date\":\"2026-02-30\"}");
    struct json *line = create(stage, body, 4, "rejected");
    assert_true(json_kind(json_pointer_get(line, "/invoice")) == JSON_NULL);
    assert_string_equal(json_pointer_text(line, "/problem/type"),
                        "urn:invonce:problem:validation-failed");
    assert_int_equal(json_count(json_pointer_get(line, "/problem/errors")), 2);
    assert_int_equal(json_integer(json_pointer_get(line, "/attempts"), 0), 0);
    json_free(line);
    line = create(stage, "not JSON", 4, "rejected");
    assert_string_equal(json_pointer_text(line, "/problem/type"),
                        "urn:invonce:problem:malformed-json");
    json_free(line);
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
    room_set(&stage->room, "INVONCE_TOKEN=not-a-token-of-anybody");
    free(body);
    body = sample_body(NUMBER, NULL);
    line = create(stage, body, 4, "rejected");
    assert_string_equal(json_pointer_text(line, "/problem/type"),
                        "urn:invonce:problem:unauthorized");
    json_free(line);
    free(body);
}

static void unconfirmed(void **state)
{
    struct stage *stage = *state;
    room_set(&stage->room, "INVONCE_SERVER=http://127.0.0.1:1");
    room_set(&stage->room, "INVONCE_RETRY_BUDGET=1ms");
    char *body = sample_body(NUMBER, NULL);
    struct json *line = create(stage, body, 5, "unconfirmed");
    assert_true(json_kind(json_pointer_get(line, "/invoice")) == JSON_NULL);
    assert_int_equal(strlen(json_pointer_text(line, "/key")), 36);
    assert_true(json_integer(json_pointer_get(line, "/attempts"), 0) >= 1);
    json_free(line);
    free(body);
}

/* --- the command line --- */

static void wrong_words_are_refused(void **state)
{
    struct stage *stage = *state;
    char *file = room_write_invoice(&stage->room, NUMBER);
    char *batch = batch_write(&stage->room, "w", 2);
    char *pipe = support_format("%s/pipe", stage->room.home);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    const struct {
        const char *const arguments[8];
        int code;
    } cases[] = {
        {{"create"}, 2},
        {{"create", "--json"}, 2},
        {{"create", file, file}, 2},
        {{"create", file, "--nonsense"}, 2},
        {{"create", file, "--key"}, 2},
        {{"create", file, "--key", ""}, 2},
        {{"create", file, "--key", "a\tb"}, 2},
        {{"create", file, "--key", "\xC3\xA9"}, 2},
        {{"create", batch, "--key", "k"}, 2},
        {{"create", file, "--retry-budget", "soon"}, 2},
        {{"create", file, "--attempt-timeout", "-1s"}, 2},
        {{"create", file, "--in-flight", "0"}, 2},
        {{"create", file, "--server", "nowhere"}, 2},
        {{"create", file, "--server", "ftp://127.0.0.1"}, 2},
        {{"create", file, "--fault", "drop-response"}, 2},
        {{"outbox", "nonsense"}, 2},
        {{"outbox", "list", "resume"}, 2},
        {{"outbox", "--key", "k"}, 2},
        {{"nonsense"}, 2},
        {{"--prefill", pipe}, 1},
        {{"--prefill", stage->room.home}, 1},
        {{"create", "/nowhere/at/all.json"}, 1},
        {{"create", stage->room.home}, 1},
        {{"create", "--help"}, 0},
        {{"outbox", "--help"}, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct process_result result = room_run(&stage->room, cases[i].arguments);
        if (result.code != cases[i].code || (result.code != 0 && strlen(result.errors) < 10))
            fail_msg("%s %s %s: exit %d; %s", cases[i].arguments[0],
                     cases[i].arguments[1] ? cases[i].arguments[1] : "",
                     cases[i].arguments[1] && cases[i].arguments[2] ? cases[i].arguments[2] : "",
                     result.code, result.errors);
        process_result_clear(&result);
    }
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM audit"), 0);
    free(batch);
    free(file);
    free(pipe);
}

/* Where everything is that it keeps, as it is here. */
static void help_names_the_files(void **state)
{
    struct stage *stage = *state;
    static const char *const files[] = {"config/invonce/config.ini", "state/invonce/journal.db",
                                        "data/invonce/demo.db", "state/invonce/demo-journal.db",
                                        "state/invonce/demo-server.log"};
    struct process_result result = room_run(&stage->room, (const char *const[]){"--help", NULL});
    assert_int_equal(result.code, 0);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *path = support_format("%s/%s", stage->room.home, files[i]);
        if (!strstr(result.output, path)) fail_msg("no %s in:\n%s", path, result.output);
        free(path);
    }
    process_result_clear(&result);
}

/* Each with its variable, and what holds without it. */
static void help_lists_the_settings(void **state)
{
    struct stage *stage = *state;
    static const char *const commands[][3] = {
        {"--help"}, {"create", "--help"}, {"outbox", "--help"}};
    static const char *const settings[] = {"--server URL",
                                           "INVONCE_SERVER; default: http://127.0.0.1:8420",
                                           "INVONCE_TOKEN\n",
                                           "INVONCE_TOKEN_FILE\n",
                                           "INVONCE_INSECURE; default: no",
                                           "INVONCE_CONNECT_TIMEOUT; default: 3s",
                                           "INVONCE_ATTEMPT_TIMEOUT; default: 10s",
                                           "INVONCE_RETRY_BUDGET; default: 60s",
                                           "INVONCE_IN_FLIGHT; default: 8",
                                           "INVONCE_HISTORY; default: 30d",
                                           "INVONCE_CA_FILE\n"};
    for (size_t i = 0; i < 3; i++) {
        struct process_result result = room_run(&stage->room, commands[i]);
        for (size_t j = 0; j < sizeof settings / sizeof *settings; j++)
            if (!strstr(result.output, settings[j]))
                fail_msg("%s: no %s in:\n%s", commands[i][0], settings[j], result.output);
        process_result_clear(&result);
    }
}

/* The demonstration has a server of its own. */
static void demo_help_lists_what_it_heeds(void **state)
{
    struct stage *stage = *state;
    static const char *const heeded[] = {"--retry-budget TIME", "--lang en|pt_BR", "--bug NAME"};
    static const char *const unheeded[] = {"--server", "--token", "--ca-file", "--in-flight"};
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"demo", "--help", NULL});
    assert_int_equal(result.code, 0);
    for (size_t i = 0; i < sizeof heeded / sizeof *heeded; i++)
        if (!strstr(result.output, heeded[i])) fail_msg("no %s in:\n%s", heeded[i], result.output);
    for (size_t i = 0; i < sizeof unheeded / sizeof *unheeded; i++)
        if (strstr(result.output, unheeded[i])) fail_msg("%s in:\n%s", unheeded[i], result.output);
    process_result_clear(&result);
}

/* Copied as it stands, it is accepted. */
static void the_record_in_the_help_is_created(void **state)
{
    struct stage *stage = *state;
    struct process_result help =
        room_run(&stage->room, (const char *const[]){"create", "--help", NULL});
    char *begin = strchr(help.output, '{');
    char *end = begin ? strstr(begin, "}]}\n") : NULL;
    assert_non_null(end);
    end[3] = '\0';
    char *file = room_write(&stage->room, "example.json", begin);
    struct process_result result = room_create(&stage->room, file);
    if (result.code != 0) fail_msg("exit %d: %s%s", result.code, result.output, result.errors);
    process_result_clear(&result);
    process_result_clear(&help);
    free(file);
}

/* A person is told; a program reads a list of none. */
static void an_empty_outbox_says_so(void **state)
{
    struct stage *stage = *state;
    static const char *const commands[][3] = {{"outbox"}, {"outbox", "--json"}};
    for (size_t i = 0; i < 2; i++) {
        struct process_result result = room_run(&stage->room, commands[i]);
        assert_int_equal(result.code, 0);
        assert_string_equal(result.output, "");
        assert_string_equal(result.errors,
                            i == 0 ? "Everything is settled: nothing waits to be sent.\n" : "");
        process_result_clear(&result);
    }
}

static void a_wrong_setting_is_named(void **state)
{
    struct stage *stage = *state;
    static const char *const wrong[] = {
        "INVONCE_RETRY_BUDGET=soon", "INVONCE_ATTEMPT_TIMEOUT=0s", "INVONCE_CONNECT_TIMEOUT=5",
        "INVONCE_IN_FLIGHT=65",      "INVONCE_INSECURE=maybe",     "INVONCE_SERVER=nowhere",
    };
    char *file = room_write_invoice(&stage->room, NUMBER);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct room room;
        room_open(&room, stage->mock.url, (const char *const[]){wrong[i], NULL});
        struct process_result result = room_create(&room, file);
        char *value = strchr(wrong[i], '=');
        if (result.code != 2 || !strstr(result.errors, value + 1))
            fail_msg("%s: exit %d; %s", wrong[i], result.code, result.errors);
        process_result_clear(&result);
        room_clear(&room);
    }
    room_unset(&stage->room, "INVONCE_TOKEN");
    struct process_result result = room_create(&stage->room, file);
    assert_int_equal(result.code, 2);
    assert_non_null(strstr(result.errors, "token"));
    process_result_clear(&result);
    free(file);
}

/* An outbox is listed, and the demonstration begins, without what only sending needs. */
static void what_is_not_needed_stops_nothing(void **state)
{
    struct stage *stage = *state;
    static const char *const commands[][4] = {
        {"outbox", "list", "--json"}, {"demo", "--fault", "no-such-fault"}, {"outbox", "resume"}};
    room_unset(&stage->room, "INVONCE_TOKEN");
    room_set(&stage->room, "INVONCE_TOKEN_FILE=/nowhere/token");
    room_set(&stage->room, "INVONCE_HISTORY=30d");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        bool needs = i == 2;
        struct process_result result = room_run(&stage->room, commands[i]);
        if ((strstr(result.errors, "/nowhere/token") != NULL) != needs)
            fail_msg("%s: exit %d; %s", commands[i][0], result.code, result.errors);
        if (i == 0) assert_int_equal(result.code, 0);
        process_result_clear(&result);
    }
}

/* Standard input is none to be found fault with. */
static void a_bad_temporary_directory_is_named(void **state)
{
    struct stage *stage = *state;
    room_set(&stage->room, "TMPDIR=/nowhere/temporary");
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"create", "-", NULL});
    assert_int_equal(result.code, 1);
    assert_non_null(strstr(result.errors, "TMPDIR"));
    assert_non_null(strstr(result.errors, "/nowhere/temporary"));
    assert_null(strstr(result.errors, "standard input"));
    process_result_clear(&result);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(created),
        TEST(the_same_key_twice),
        TEST(a_key_used_for_another_record),
        TEST(conflict),
        TEST(rejected),
        TEST(unconfirmed),
        TEST(wrong_words_are_refused),
        TEST(help_names_the_files),
        TEST(help_lists_the_settings),
        TEST(demo_help_lists_what_it_heeds),
        TEST(the_record_in_the_help_is_created),
        TEST(an_empty_outbox_says_so),
        TEST(a_wrong_setting_is_named),
        TEST(what_is_not_needed_stops_nothing),
        TEST(a_bad_temporary_directory_is_named),
    };
    return cmocka_run_group_tests_name("client/commands", tests, NULL, NULL);
}
