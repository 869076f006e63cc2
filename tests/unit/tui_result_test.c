/* From a record's bytes to what is told of it: reading, results, their order, the progress line. */
#include "protocol/wire/resources/invoice.h"
#include "tests/support/json_pointer.h"
#include "tests/support/sample.h"
#include "tests/support/support.h"
#include "tui/batch/lineup.h"
#include "tui/batch/progress.h"
#include "tui/batch/record_reader.h"
#include "tui/batch/result.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct record_reading read_text(const char *text, const char *key)
{
    const struct input_record record = {.position = 1, .bytes = text, .length = strlen(text)};
    return record_read(&record, &INVOICE, key);
}

static void a_record_is_an_intent(void **state)
{
    (void)state;
    char *text = sample_body("2026-0042", NULL);
    struct record_reading reading = read_text(text, NULL), again = read_text(text, NULL);
    assert_non_null(reading.intent);
    assert_null(reading.problem);
    assert_string_equal(reading.name, "2026-0042");
    assert_string_equal(reading.intent->fingerprint, again.intent->fingerprint);
    assert_string_not_equal(reading.intent->key, again.intent->key);
    record_reading_clear(&reading);
    record_reading_clear(&again);
    reading = read_text(text, "my-key");
    assert_string_equal(reading.intent->key, "my-key");
    record_reading_clear(&reading);
    free(text);
}

static void a_record_may_carry_its_key(void **state)
{
    (void)state;
    char *text = sample_body("1", "{\"idempotency_key\":\"own-key\"}");
    struct record_reading reading = read_text(text, NULL);
    assert_string_equal(reading.intent->key, "own-key");
    assert_null(json_member(reading.intent->json, "idempotency_key"));
    record_reading_clear(&reading);
    reading = read_text(text, "own-key");
    assert_non_null(reading.intent);
    record_reading_clear(&reading);
    free(text);
}

static void what_is_no_record_is_a_problem(void **state)
{
    (void)state;
    static const struct {
        const char *changes, *text, *key, *slug;
    } cases[] = {
        {NULL, "nope", NULL, "malformed-json"},
        {NULL, "[]", NULL, "malformed-json"},
        {NULL, "", NULL, "malformed-json"},
        {NULL, "{}", NULL, "validation-failed"},
        {"{\"issue_date\":\"2026-02-30\"}", NULL, NULL, "validation-failed"},
        {"{\"idempotency_key\":7}", NULL, NULL, "idempotency-key-malformed"},
        {"{\"idempotency_key\":\"\"}", NULL, NULL, "idempotency-key-malformed"},
        {"{\"idempotency_key\":\"one\"}", NULL, "another", "idempotency-key-disagrees"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = cases[i].text != NULL ? support_format("%s", cases[i].text)
                                           : sample_body("1", cases[i].changes);
        struct record_reading reading = read_text(text, cases[i].key);
        assert_null(reading.intent);
        const char *type = json_pointer_text(reading.problem, "/type");
        assert_string_equal(type + strlen(PROBLEM_TYPE_PREFIX), cases[i].slug);
        record_reading_clear(&reading);
        free(text);
    }
    const struct input_record endless = {.bytes = "", .length = JSON_BODY_MAX + 1};
    struct record_reading reading = record_read(&endless, &INVOICE, NULL);
    assert_non_null(strstr(json_pointer_text(reading.problem, "/type"), "payload-too-large"));
    record_reading_clear(&reading);
}

static void expect_json(const struct result *result, const char *text)
{
    struct json *object = result_json(result);
    char *told = json_to(object);
    assert_string_equal(told, text);
    free(told);
    json_free(object);
}

static void expect_line(const struct result *result, const char *text)
{
    char *line = result_line(result);
    assert_string_equal(line, text);
    free(line);
}

static void results_are_json_and_lines(void **state)
{
    (void)state;
    struct json *invoice = json_from("{\"id\":\"inv_7\"}");
    struct json *problem = json_from("{\"detail\":\"Taken.\\u001b[2J\"}");
    struct json *errors =
        json_from("{\"detail\":\"x\",\"errors\":[{\"pointer\":\"/a\",\"detail\":\"Bad.\"},"
                  "{\"pointer\":\"/b\",\"detail\":\"Worse.\"}]}");
    struct result result = {.outcome = RESULT_CREATED,
                            .line = 3,
                            .name = "A-1",
                            .key = "k",
                            .attempts = 2,
                            .invoice = invoice};
    expect_json(&result, "{\"outcome\":\"created\",\"key\":\"k\",\"attempts\":2,"
                         "\"invoice\":{\"id\":\"inv_7\"},\"problem\":null,\"line\":3}");
    expect_line(&result, "created A-1 inv_7");
    result = (struct result){.outcome = RESULT_CONFLICT, .name = "A-1", .problem = problem};
    expect_line(&result, "conflict A-1: Taken.\xEF\xBF\xBD[2J");
    result = (struct result){.outcome = RESULT_REJECTED, .line = 12, .name = "", .problem = errors};
    expect_json(
        &result,
        "{\"outcome\":\"rejected\",\"key\":null,\"attempts\":0,\"invoice\":null,"
        "\"problem\":{\"detail\":\"x\",\"errors\":[{\"pointer\":\"/a\",\"detail\":\"Bad.\"},"
        "{\"pointer\":\"/b\",\"detail\":\"Worse.\"}]},\"line\":12}");
    expect_line(&result, "rejected line 12: /a: Bad. /b: Worse.");
    result = (struct result){.outcome = RESULT_UNCONFIRMED, .name = "A-1", .key = "k"};
    expect_line(&result, "unconfirmed A-1: no answer; it may or may not exist, and is kept in the "
                         "outbox (key k)");
    result.unsent = true;
    result.why = "connection refused";
    expect_line(&result, "unconfirmed A-1: connection refused; it hasn't reached the server, and "
                         "is kept in the outbox (key k)");
    static const int codes[] = {0, 0, 3, 4, 5};
    for (int i = 0; i < RESULT_OUTCOMES; i++)
        assert_int_equal(result_exit_code((enum result_outcome)i), codes[i]);
    json_free(invoice);
    json_free(problem);
    json_free(errors);
}

/* What has been written to a lineup's file so far. */
static void expect_written(FILE *file, const char *text)
{
    char bytes[200];
    rewind(file);
    size_t length = fread(bytes, 1, sizeof bytes - 1, file);
    bytes[length] = '\0';
    assert_string_equal(bytes, text);
}

static void results_go_out_in_the_inputs_order(void **state)
{
    (void)state;
    struct lineup lineup = {0};
    FILE *file = tmpfile();
    assert_non_null(file);
    for (int i = 0; i < 3; i++)
        assert_int_equal(lineup_enter(&lineup), i);
    lineup_put(&lineup, 2, strdup("c"));
    assert_true(lineup_write(&lineup, file));
    expect_written(file, "");
    lineup_put(&lineup, 0, strdup("a"));
    assert_true(lineup_write(&lineup, file));
    expect_written(file, "a\n");
    lineup_put(&lineup, 1, strdup("b"));
    assert_true(lineup_write(&lineup, file));
    expect_written(file, "a\nb\nc\n");
    assert_int_equal(lineup.bytes, 0);
    lineup_enter(&lineup);
    lineup_put(&lineup, 3, strdup("left behind"));
    lineup_clear(&lineup);
    fclose(file);
}

static void a_lineup_is_bounded(void **state)
{
    (void)state;
    struct lineup lineup = {0};
    for (int i = 0; i < LINEUP_PLACES; i++) {
        assert_true(lineup_has_room(&lineup));
        lineup_enter(&lineup);
    }
    assert_false(lineup_has_room(&lineup));
    lineup_clear(&lineup);
    char *endless = malloc(LINEUP_BYTES_MAX + 1);
    assert_non_null(endless);
    memset(endless, 'x', LINEUP_BYTES_MAX);
    endless[LINEUP_BYTES_MAX] = '\0';
    lineup_put(&lineup, lineup_enter(&lineup), endless);
    assert_false(lineup_has_room(&lineup));
    lineup_clear(&lineup);
}

static void results_that_cant_be_written_are_told(void **state)
{
    (void)state;
    struct lineup lineup = {0};
    FILE *full = fopen("/dev/full", "we");
    if (full == NULL) skip();
    lineup_put(&lineup, lineup_enter(&lineup), strdup("a"));
    assert_false(lineup_write(&lineup, full));
    lineup_clear(&lineup);
    fclose(full);
}

static void the_progress_line_counts(void **state)
{
    (void)state;
    char text[PROGRESS_TEXT_SIZE];
    struct progress progress = {.total = 1234567, .done = 1200, .retries = 1, .begun_ms = 1000};
    progress_text(&progress, 2500, text);
    assert_string_equal(text, "1,200 of 1,234,567 records, 800 a second, 1 retry, 0 unconfirmed");
    progress = (struct progress){.total = 1, .done = 1, .retries = 3, .unconfirmed = 1};
    progress_text(&progress, 0, text);
    assert_string_equal(text, "1 of 1 record, 0 a second, 3 retries, 1 unconfirmed");
    progress = (struct progress){.done = 0};
    progress_text(&progress, 0, text);
    assert_string_equal(text, "0 records, 0 a second, 0 retries, 0 unconfirmed");
}

static void there_is_no_progress_but_on_a_terminal(void **state)
{
    (void)state;
    struct progress progress;
    FILE *file = tmpfile();
    assert_non_null(file);
    progress_start(&progress, file, 10, 0);
    progress_show(&progress, 100000);
    progress_hide(&progress);
    expect_written(file, "");
    fclose(file);
}

/* The other end of `*out`, which is a terminal. */
static int open_terminal(FILE **out)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    *out = fopen(ptsname(terminal), "w+e");
    assert_non_null(*out);
    assert_int_equal(setenv("TERM", "xterm", 1), 0);
    return terminal;
}

static void expect_on(int terminal, const char *expected)
{
    char said[200] = "";
    for (size_t length = 0; length < strlen(expected);) { /* it comes in pieces */
        ssize_t more = read(terminal, said + length, sizeof said - 1 - length);
        assert_true(more > 0);
        length += (size_t)more;
    }
    assert_string_equal(said, expected);
}

/* There it is one line, written anew now and then, and gone in the end. */
static void a_terminal_is_shown_one_line(void **state)
{
    (void)state;
    struct progress progress;
    FILE *out;
    int terminal = open_terminal(&out);
    progress_start(&progress, out, 10, 1000);
    progress.done = 4;
    progress_show(&progress, 1001); /* too soon */
    assert_false(progress.shown);
    progress_show(&progress, 3000);
    progress_show(&progress, 3001);
    progress_hide(&progress);
    expect_on(terminal, "\r4 of 10 records, 2 a second, 0 retries, 0 unconfirmed\x1b[K"
                        "\r\x1b[K");
    progress_start(&progress, out, 0, 1000);
    progress.reads = true; /* nothing is created */
    progress.done = 4;
    progress_show(&progress, 3000);
    progress_hide(&progress);
    expect_on(terminal, "\r4 records, 2 a second, 0 retries\x1b[K\r\x1b[K");
    fclose(out);
    close(terminal);
}

/* Of several, and for people. */
static void outcomes_are_counted_on_a_terminal(void **state)
{
    (void)state;
    static const size_t one[RESULT_OUTCOMES] = {[RESULT_CREATED] = 1};
    static const size_t some[RESULT_OUTCOMES] = {
        [RESULT_CREATED] = 997, [RESULT_CONFLICT] = 1, [RESULT_REJECTED] = 2};
    static const size_t conflicts[RESULT_OUTCOMES] = {[RESULT_CONFLICT] = 2};
    FILE *out, *file = tmpfile();
    int terminal = open_terminal(&out);
    assert_non_null(file);
    result_count_up(file, some);
    assert_int_equal(ftell(file), 0);
    result_count_up(out, one);
    result_count_up(out, some);
    result_count_up(out, conflicts);
    fflush(out);
    expect_on(terminal, "997 created, 1 conflict, 2 rejected\r\n2 conflicts\r\n");
    fclose(file);
    fclose(out);
    close(terminal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_an_intent),
        cmocka_unit_test(a_record_may_carry_its_key),
        cmocka_unit_test(what_is_no_record_is_a_problem),
        cmocka_unit_test(results_are_json_and_lines),
        cmocka_unit_test(results_go_out_in_the_inputs_order),
        cmocka_unit_test(a_lineup_is_bounded),
        cmocka_unit_test(results_that_cant_be_written_are_told),
        cmocka_unit_test(the_progress_line_counts),
        cmocka_unit_test(there_is_no_progress_but_on_a_terminal),
        cmocka_unit_test(a_terminal_is_shown_one_line),
        cmocka_unit_test(outcomes_are_counted_on_a_terminal),
    };
    return cmocka_run_group_tests_name("tui/result", tests, NULL, NULL);
}
