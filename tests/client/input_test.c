/* Inputs of many records: a line told for each, in order, and the highest exit code. */
#include "tests/client/account.h"
#include "tests/client/batch.h"
#include "tests/client/stage.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER "2026-0042"

/* A line each, in the order of the input; those that can't be are told and stop no other. */
static void bad_lines_stop_no_other(void **state)
{
    struct stage *stage = *state;
    char *one = sample_body("J-1", NULL), *two = sample_body("J-2", NULL);
    char *text =
        support_format("%s\nnot JSON\n{\"number\":1}\n\n[]\n%s\n{\"a\":\"\xFF\"}\n{", one, two);
    char *file = room_write(&stage->room, "mixed.jsonl", text);
    struct process_result result = room_create(&stage->room, file);
    struct json *lines = room_lines(result.output);
    static const char *const outcomes[] = {"created", "rejected", "rejected", "rejected",
                                           "created", "rejected", "rejected"};
    if (result.code != 4 || json_count(lines) != 7)
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(json_count(json_item(lines, i)), 6);
        assert_string_equal(json_pointer_text(json_item(lines, i), "/outcome"), outcomes[i]);
    }
    assert_string_equal(json_pointer_text(lines, "/4/invoice/number"), "J-2");
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM invoices"), 2);
    json_free(lines);
    process_result_clear(&result);
    free(file);
    free(text);
    free(one);
    free(two);
}

/* Each worse line after the one before it, one at a time: created, conflict, rejected, unconfirmed.
 */
static void the_highest_code_wins(void **state)
{
    (void)state;
    char *good = sample_body("H-1", NULL), *taken = sample_body("h-1", "{\"notes\":\"other\"}");
    char *lost = sample_body("H-2", NULL);
    const struct {
        const char *lines[4];
        int code;
    } cases[] = {
        {{good}, 0}, {{good, taken}, 3}, {{good, "{}", taken}, 4}, {{good, "{}", lost, taken}, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mock mock = {0};
        struct room room;
        struct support_buffer text = {0};
        assert_true(mock_start(
            &mock, i == 3 ? (const char *const[]){"--fault", "hang@every=2", NULL} : NULL));
        room_open(&room, mock.url, (const char *const[]){"INVONCE_IN_FLIGHT=1", NULL});
        if (i == 3) room_set(&room, "INVONCE_RETRY_BUDGET=1ms");
        if (i == 3) room_set(&room, "INVONCE_ATTEMPT_TIMEOUT=1s");
        for (size_t j = 0; j < 4 && cases[i].lines[j]; j++) {
            support_append(&text, cases[i].lines[j], strlen(cases[i].lines[j]));
            support_append(&text, "\n", 1);
        }
        char *file = room_write(&room, "lines.jsonl", text.bytes);
        struct process_result result = room_create(&room, file);
        if (result.code != cases[i].code)
            fail_msg("%zu: exit %d; %s%s", i, result.code, result.output, result.errors);
        process_result_clear(&result);
        free(file);
        free(text.bytes);
        room_clear(&room);
        mock_clear(&mock);
    }
    free(good);
    free(taken);
    free(lost);
}

/* In one input too, and as often as that is given: the first of them says how all of them ended. */
static void a_key_on_several_lines(void **state)
{
    struct stage *stage = *state;
    char *one = sample_body(NUMBER, "{\"idempotency_key\":\"k-1\"}");
    char *other = sample_body(NUMBER, "{\"idempotency_key\":\"k-1\",\"notes\":\"another\"}");
    char *text = support_format("%s\n%s\n%s\n%s\n", one, other, one, one);
    char *file = room_write(&stage->room, "keys.jsonl", text);
    static const char *const outcomes[] = {"created", "rejected", "replayed", "replayed"};
    for (size_t round = 0; round < 3; round++) {
        struct process_result result = room_create(&stage->room, file);
        struct json *lines = room_lines(result.output);
        if (result.code != 4 || json_count(lines) != 4)
            fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
        for (size_t i = 0; i < 4; i++)
            assert_string_equal(json_pointer_text(json_item(lines, i), "/outcome"),
                                i == 0 && round > 0 ? "replayed" : outcomes[i]);
        json_free(lines);
        process_result_clear(&result);
    }
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
    free(file);
    free(text);
    free(other);
    free(one);
}

static struct process_result run_shell(const struct room *room, const char *script,
                                       const char *argument)
{
    const char *const argv[] = {"/bin/sh", "-c", script, room_program(), argument, NULL};
    return process_run(argv, (const char *const *)room->variables, PATIENCE_MS);
}

static void standard_input(void **state)
{
    struct stage *stage = *state;
    char *batch = batch_write(&stage->room, "in", 5),
         *one = room_write_invoice(&stage->room, NUMBER);
    struct process_result result = run_shell(&stage->room, "\"$0\" create - --json <\"$1\"", batch);
    struct json *lines = room_lines(result.output);
    if (result.code != 0 || json_count(lines) != 5)
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    json_free(lines);
    process_result_clear(&result);
    result = run_shell(&stage->room, "cat \"$1\" | \"$0\" create - --json", one);
    assert_int_equal(result.code, 0);
    account_expect(account_of_one(&stage->mock, &stage->room, NUMBER));
    process_result_clear(&result);
    result = run_shell(&stage->room, "cat \"$1\" | \"$0\" create - --json", batch);
    assert_int_equal(result.code, 3);
    process_result_clear(&result);
    result = run_shell(&stage->room, "\"$0\" create - --json </dev/null", NULL);
    if (*result.output) fail_msg("nothing gave %s", result.output);
    process_result_clear(&result);
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM invoices"), 6);
    free(batch);
    free(one);
}

/* For people: a line each that names number and record; nothing on standard error in a pipe. */
static void words_for_people(void **state)
{
    struct stage *stage = *state;
    char *file = batch_write(&stage->room, "people", 3);
    struct process_result result =
        room_run(&stage->room, (const char *const[]){"create", file, NULL});
    assert_int_equal(result.code, 0);
    for (size_t i = 0; i < 3; i++) {
        char *number = batch_number("people", i);
        if (!strstr(result.output, number)) fail_msg("%s isn't in %s", number, result.output);
        free(number);
    }
    assert_non_null(strstr(result.output, "inv_"));
    assert_string_equal(result.errors, "");
    process_result_clear(&result);
    free(file);
}

/* Somewhere to write that takes nothing: told, and all that was done is in the journal. */
static void expect_going_on(struct stage *stage, const char *prefix, const char *command)
{
    char *file = batch_write(&stage->room, prefix, 4);
    struct process_result result = run_shell(&stage->room, command, file);
    if (result.code != 1) fail_msg("exit %d; %s", result.code, result.errors);
    assert_true(strlen(result.errors) > 10);
    process_result_clear(&result);
    result = room_create(&stage->room, file);
    if (result.code != 0) fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    process_result_clear(&result);
    account_expect(batch_account(&stage->mock, &stage->room, prefix, 4));
    free(file);
}

static void nobody_reads_the_output(void **state)
{
    expect_going_on(*state, "full", "\"$0\" create \"$1\" --json >/dev/full");
}

/* No file that is opened later takes the place of a closed stream: not the copy of the input. */
static void the_output_is_closed(void **state)
{
    expect_going_on(*state, "closed", "\"$0\" create - --json <\"$1\" >&-");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(bad_lines_stop_no_other), TEST(the_highest_code_wins), TEST(a_key_on_several_lines),
        TEST(standard_input),          TEST(words_for_people),      TEST(nobody_reads_the_output),
        TEST(the_output_is_closed),
    };
    return cmocka_run_group_tests_name("client/input", tests, NULL, NULL);
}
