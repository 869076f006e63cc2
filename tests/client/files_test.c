/* Files as people have them: lists, records over several lines, byte order marks, what show and
 * list print, and CSV out of spreadsheets. */
#include "tests/client/account.h"
#include "tests/client/batch.h"
#include "tests/client/peak.h"
#include "tests/client/stage.h"
#include "tests/support/http.h"
#include "tests/support/json_pointer.h"
#include "tests/support/preload.h"
#include "tests/support/rows.h"
#include "tests/support/sample.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MARK     "\xEF\xBB\xBF"
#define THOUSAND 1000
#define CUT_AT   "created K-00250"
#define SHORT    2000
#define LONG     40000
#define GROWTH   3072 /* KiB */
#define HEADER                                                                                     \
    "number,issue_date,currency,customer.email,description,quantity,unit_price,tax_rate\n"

#define RUN(stage, ...) room_run(&(stage)->room, (const char *const[]){__VA_ARGS__, NULL})

static struct process_result create_text(struct stage *stage, const char *name, const char *text,
                                         const char *option)
{
    char *file = room_write(&stage->room, name, text);
    struct process_result result = RUN(stage, "create", file, "--json", option);
    free(file);
    return result;
}

/* The outcomes, and at `member` where each stands: "created 1, rejected 3, ". */
static void expect_outcomes(struct process_result result, const char *member, const char *expected)
{
    struct support_buffer told = {0};
    struct json *lines = room_lines(result.output);
    if (!lines) fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    support_append(&told, "", 0);
    for (const struct json *line = json_first(lines); line; line = json_next(line)) {
        char *one = support_format("%s %lld, ", json_text(line, "outcome"),
                                   (long long)json_integer(json_member(line, member), -1));
        support_append(&told, one, strlen(one));
        free(one);
    }
    if (strcmp(told.bytes, expected) != 0) fail_msg("%s\n%s", told.bytes, result.output);
    free(told.bytes);
    json_free(lines);
    process_result_clear(&result);
}

static void lists_and_records_over_several_lines(void **state)
{
    struct stage *stage = *state;
    char *bodies[8];
    for (size_t i = 0; i < 8; i++) {
        char *number = support_format("L-%zu", i);
        bodies[i] = sample_body(number, NULL);
        char *brace = strrchr(bodies[i], '}'); /* over two lines at least */
        char *long_one = support_format("%.*s\n  }", (int)(brace - bodies[i]), bodies[i]);
        free(bodies[i]);
        bodies[i] = long_one;
        free(number);
    }
    char *list = support_format(MARK "[%s,%s,\n5,{\"number\" \"x\"},\"a,b]\", %s]\n", bodies[0],
                                bodies[1], bodies[2]);
    expect_outcomes(create_text(stage, "list.json", list, NULL), "record",
                    "created 1, created 2, rejected 3, rejected 4, rejected 5, created 6, ");
    char *lines = support_format(MARK "%s\n\n%s\n{\"number\": \"broken\"\n%s\n", bodies[3],
                                 bodies[4], bodies[5]);
    expect_outcomes(create_text(stage, "some", lines, NULL), "line",
                    "created 1, created 4, rejected 6, created 7, ");
    char *several = support_format("%s\n%s\n", bodies[6], bodies[7]);
    expect_outcomes(create_text(stage, "several.json", several, NULL), "line",
                    "created 1, created 3, ");
    char *cut = support_format("[%s,", bodies[0]);
    expect_outcomes(create_text(stage, "cut.json", cut, NULL), "record",
                    "conflict 1, rejected 2, ");
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM invoices"), 8);
    free(cut);
    free(several);
    free(lines);
    free(list);
    for (size_t i = 0; i < 8; i++)
        free(bodies[i]);
}

/* Where in the file, not in the record. */
static void what_does_not_read_is_told_with_its_line(void **state)
{
    struct stage *stage = *state;
    struct process_result result =
        create_text(stage, "a.json", "[\n{},\n{\"a\":1,\n  \"b\" 2}, {\"c\" 3}]", NULL);
    assert_non_null(strstr(result.output, "(line 4, column 7)"));
    assert_non_null(strstr(result.output, "(line 4, column 16)"));
    process_result_clear(&result);
    result = create_text(stage, "a.jsonl", "{}\n\n{\"a\" 1}\n", NULL);
    assert_non_null(strstr(result.output, "(line 3, column 6)"));
    process_result_clear(&result);
}

static void an_empty_input_says_so(void **state)
{
    static const char *const EMPTY[] = {"", MARK, "\n \n", "[]", MARK "[ ]\n"};
    struct stage *stage = *state;
    for (size_t i = 0; i < sizeof EMPTY / sizeof *EMPTY; i++) {
        struct process_result result = create_text(stage, "none.jsonl", EMPTY[i], NULL);
        if (result.code != 0 || *result.output || !strstr(result.errors, "no record"))
            fail_msg("%zu: exit %d; %s%s", i, result.code, result.output, result.errors);
        process_result_clear(&result);
    }
    struct process_result result = create_text(stage, "none.csv", MARK HEADER, NULL);
    assert_int_equal(result.code, 0);
    assert_non_null(strstr(result.errors, "no record"));
    process_result_clear(&result);
    result = create_text(stage, "none.json", "", NULL); /* one record, which isn't there */
    assert_int_equal(result.code, 4);
    assert_non_null(strstr(result.output, "no record"));
    process_result_clear(&result);
}

/* What it already is isn't missing: a conflict all the same. */
static void the_same_invoice_is_told_as_such(void **state)
{
    struct stage *stage = *state;
    char *body = sample_body("S-1", NULL), *other = sample_body("S-1", "{\"notes\":\"other\"}");
    char *text = support_format("%s\n%s\n", body, other);
    char *first = room_write(&stage->room, "first.json", body);
    struct process_result result = RUN(stage, "create", first);
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    char *file = room_write(&stage->room, "both.jsonl", text);
    result = RUN(stage, "create", file);
    char *otherwise = strchr(result.output, '\n');
    assert_int_equal(result.code, 3);
    assert_non_null(otherwise);
    *otherwise = '\0';
    assert_non_null(strstr(result.output, "the same invoice, created "));
    assert_non_null(strstr(result.output, " by ana: nothing is missing"));
    assert_null(strstr(otherwise + 1, "nothing is missing"));
    process_result_clear(&result);
    result = RUN(stage, "create", file, "--json");
    struct json *lines = room_lines(result.output);
    assert_int_equal(json_kind(json_pointer_get(lines, "/0/same")), JSON_TRUE);
    assert_null(json_pointer_get(lines, "/1/same"));
    json_free(lines);
    process_result_clear(&result);
    free(file);
    free(first);
    free(text);
    free(other);
    free(body);
}

/* Typed again, too: Enter at each field, then yes. */
static void the_form_says_that_nothing_is_missing(void **state)
{
    struct stage *stage = *state;
    static const char SCRIPT[] = "printf '\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\n\\ny\\nq\\n' | "
                                 "\"$0\" --plain --prefill \"$1\" --lang \"$2\"";
    static const char *const SAID[][2] = {{"en", "by ana: nothing is missing."},
                                          {"pt_BR", "por ana: n\xC3\xA3o falta nada."}};
    char *file = room_write_invoice(&stage->room, "F-1");
    struct process_result result = RUN(stage, "create", file);
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    for (size_t i = 0; i < 2; i++) {
        const char *const argv[] = {"/bin/sh", "-c",       SCRIPT, room_program(),
                                    file,      SAID[i][0], NULL};
        result = process_run(argv, (const char *const *)stage->room.variables, PATIENCE_MS);
        if (!strstr(result.output, SAID[i][1])) fail_msg("%s%s", result.output, result.errors);
        process_result_clear(&result);
    }
    free(file);
}

static void a_record_as_show_prints_it(void **state)
{
    struct stage *stage = *state;
    char *body = sample_body("R-1", NULL), *file = room_write(&stage->room, "one.json", body);
    struct process_result result = RUN(stage, "create", file);
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    struct process_result shown = RUN(stage, "show", "R-1", "--json");
    char *record = room_write(&stage->room, "shown.json", shown.output);
    result = RUN(stage, "create", record, "--json");
    assert_int_equal(result.code, 3);
    assert_non_null(strstr(result.output, "\"same\":true"));
    process_result_clear(&result);
    result = RUN(stage, "--plain", "--prefill", record);
    if (result.code != 0 || !strstr(result.output, "R-1"))
        fail_msg("exit %d; %s%s", result.code, result.output, result.errors);
    process_result_clear(&result);
    process_result_clear(&shown);
    free(record);
    free(file);
    free(body);
}

/* A record without what one server made of it. */
static char *without_origin(const struct json *record)
{
    struct json *copy = json_copy(record);
    json_remove(copy, "id");
    json_remove(copy, "created_at");
    json_remove(json_member(copy, "customer"), "id");
    char *text = json_to(copy);
    json_free(copy);
    return text;
}

/* All that `list --csv` of one server says comes to another one, which then says the same. */
static void what_list_writes_create_reads(void **state)
{
    static const char *const OPTIONS[] = {"--delimiter=,", "--decimal-comma"};
    struct stage *stage = *state;
    char *plain = sample_body("W-1", NULL);
    char *hostile = sample_body(
        "=W-2",
        "{\"due_date\":null,\"customer\":{\"email\":\"a@b.example\",\"name\":\"'=x\"},"
        "\"external_ref\":{\"source\":\"@s\",\"id\":\"\uFF0B1\"},\"notes\":\"-1\\r\\n\\\"two\\\";,"
        "\\n\","
        "\"lines\":[{\"description\":\"=HYPERLINK(\\\"http://x\\\")\",\"quantity\":\"-1.5\","
        "\"unit_price\":\"1234567.8901\",\"tax_rate\":\"5.5\"},{\"description\":\"''+x\","
        "\"quantity\":\"2\",\"unit_price\":\"0.5\",\"tax_rate\":\"0\"}]}");
    char *both = support_format("%s\n%s\n", plain, hostile);
    room_set(&stage->room, "INVONCE_IN_FLIGHT=1"); /* in the order of the input */
    struct process_result result = create_text(stage, "in.jsonl", both, NULL);
    assert_int_equal(result.code, 0);
    process_result_clear(&result);
    struct process_result before = RUN(stage, "list", "--json");
    for (size_t i = 0; i < 2; i++) {
        struct stage other = {0};
        assert_true(mock_start(&other.mock, NULL));
        room_open(&other.room, other.mock.url, (const char *const[]){"INVONCE_IN_FLIGHT=1", NULL});
        struct process_result csv = RUN(stage, "list", "--csv", OPTIONS[i]);
        result = create_text(&other, "all.csv", csv.output, OPTIONS[i]);
        if (result.code != 0) fail_msg("%s%s", result.output, csv.output);
        process_result_clear(&result);
        struct process_result after = RUN(&other, "list", "--json");
        struct json *here = room_lines(before.output), *there = room_lines(after.output);
        assert_int_equal(json_count(there), 2);
        for (size_t j = 0; j < 2; j++) { /* the other way round: newest first, both times */
            char *one = without_origin(json_item(here, j));
            char *same = without_origin(json_item(there, 1 - j));
            assert_string_equal(one, same);
            free(one);
            free(same);
        }
        json_free(here);
        json_free(there);
        process_result_clear(&after);
        process_result_clear(&csv);
        room_clear(&other.room);
        mock_clear(&other.mock);
    }
    process_result_clear(&before);
    free(both);
    free(hostile);
    free(plain);
}

static void rows_and_columns_are_told(void **state)
{
    struct stage *stage = *state;
    const char *text = HEADER "C-1,2026-11-22,EUR,a@b.example,one,1,\"12,5\",21\n"
                              "C-2,2026-11-22,EUR,a@b.example,one,1,12.5,21\n"
                              "C-2,,,,two,1,12.5,21\n"
                              "C-2,,,,\"three\nlines\",x,12.5,21\n"
                              "C-3,2026-13-22,EUR,a@b.example,one,1,12.5,21\n"
                              "C-4,2026-11-22,,a@b.example,one,1,12.5,21,more\n"
                              "C-5,2026-11-22,EUR,a@b.example,one,1,12.5,21\n"
                              "C-6,2026-11-22,EUR,a@b.example,one,1,12.5,21\n"
                              "C-7,2026-11-22,EUR,a@b.example,\"one,1,12.5,21\n";
    char *file = room_write(&stage->room, "bad.csv", text);
    struct process_result result = RUN(stage, "create", file);
    static const char *const SAID[] = {
        "rejected C-1: row 2, column unit_price: ",
        "rejected C-2: row 5, column description: ",
        "rejected C-3: row 7, column issue_date: ",
        "rejected C-4: row 8: ",
        "created C-5 ",
        "rejected C-6: row 10: ",
        "rejected: row 11: a quote",
    };
    const char *at = result.output;
    for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++) {
        if (strncmp(at, SAID[i], strlen(SAID[i])) != 0) fail_msg("not %s:\n%s", SAID[i], at);
        at = strchr(at, '\n') + 1;
    }
    assert_string_equal(at, "");
    assert_int_equal(result.code, 4);
    process_result_clear(&result);
    result = RUN(stage, "create", file, "--lang", "pt_BR");
    assert_non_null(strstr(result.output, "fileira 2, coluna unit_price: "));
    assert_non_null(strstr(result.output, "nunca se fecha"));
    process_result_clear(&result);
    free(file);
    char *macs = support_format("%s", text); /* a line's end as of old */
    for (char *end = macs; (end = strchr(end, '\n')) != NULL;)
        *end = '\r';
    result = create_text(stage, "macs.csv", macs, NULL);
    struct json *lines = room_lines(result.output);
    assert_int_equal(json_count(lines), sizeof SAID / sizeof *SAID);
    assert_string_equal(json_pointer_text(lines, "/0/problem/errors/0/column"), "unit_price");
    json_free(lines);
    process_result_clear(&result);
    free(macs);
    result =
        create_text(stage, "good.csv",
                    "number,issue_date,currency,customer.email,description,quantity,unit_price\r"
                    "M-1,2026-11-22,EUR,a@b.example,one,1,1\r"
                    "M-2,2026-11-22,EUR,a@b.example,one,1,1\r"
                    "M-2,,,,two,1,1\rM-3,2026-11-22,EUR,a@b.example,one,1,1\r",
                    NULL);
    expect_outcomes(result, "line",
                    "created 1, created 2, created 3, "); /* of one line: a number */
    result = create_text(stage, "other.txt", "nr;date\n1;2\n", "--csv");
    assert_int_equal(result.code, 4);
    assert_non_null(strstr(result.output, "no column \\\"nr\\\""));
    process_result_clear(&result);
    result = create_text(stage, "no.jsonl", "{}", "--decimal-comma");
    assert_int_equal(result.code, 2);
    process_result_clear(&result);
}

static bool is_bad(size_t index)
{
    return index % 200 == 100;
}

static char *write_thousand(const struct room *room)
{
    struct support_buffer text = {0};
    support_append(&text, HEADER, strlen(HEADER));
    for (size_t i = 0; i < THOUSAND; i++) {
        char *number = batch_number("K", i);
        char *rows = support_format("%s,2026-11-22,EUR,a@b.example,one,1,12.50,21\n"
                                    "%s,2026-11-22,EUR,a@b.example,two,%s,1,19\n",
                                    number, number, is_bad(i) ? "many" : "2");
        support_append(&text, rows, strlen(rows));
        free(rows);
        free(number);
    }
    char *file = room_write(room, "thousand.csv", text.bytes);
    free(text.bytes);
    return file;
}

static size_t count_told(const struct json *lines, const char *outcome)
{
    size_t count = 0;
    for (const struct json *line = json_first(lines); line; line = json_next(line))
        count += strcmp(json_text(line, "outcome"), outcome) == 0;
    return count;
}

/* Killed in the middle, and given again: each good one exists once, and each bad one was told. */
static void a_thousand_cut_in_two(void **state)
{
    struct stage *stage = *state;
    char *file = write_thousand(&stage->room);
    struct process process = {0};
    room_start(&stage->room, &process, (const char *const[]){"create", file, NULL});
    char *seen = process_expect(&process, CUT_AT, 4 * PATIENCE_MS);
    assert_non_null(seen);
    free(seen);
    process_signal(&process, SIGKILL);
    assert_int_equal(process_wait(&process, PATIENCE_MS), PROCESS_SIGNAL_BASE + SIGKILL);
    process_clear(&process);
    long long half = rows_number(stage->mock.store, "SELECT count(*) FROM invoices");
    assert_true(half >= 250 && half < THOUSAND - THOUSAND / 200);
    struct process_result result = room_create(&stage->room, file);
    struct json *lines = room_lines(result.output);
    if (result.code != 4 || json_count(lines) != THOUSAND)
        fail_msg("exit %d, %zu; %s", result.code, json_count(lines), result.errors);
    assert_int_equal(count_told(lines, "rejected"), THOUSAND / 200);
    assert_int_equal(count_told(lines, "created") + count_told(lines, "replayed"),
                     THOUSAND - THOUSAND / 200);
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM invoices"),
                     THOUSAND - THOUSAND / 200);
    assert_int_equal(rows_number(stage->mock.store, "SELECT count(*) FROM idempotency_keys"),
                     THOUSAND - THOUSAND / 200);
    json_free(lines);
    process_result_clear(&result);
    account_expect(
        batch_account(&stage->mock, &stage->room, "K", 100)); /* up to the first bad one */
    free(file);
}

/* --- memory --- */

static char *write_many(const struct room *room, bool csv, size_t count)
{
    char *path = support_format("%s/%zu.%s", room->home, count, csv ? "csv" : "json");
    FILE *stream = fopen(path, "we");
    assert_non_null(stream);
    fputs(csv ? HEADER : "[", stream);
    for (size_t i = 0; i < count; i++) /* refused here: no server is needed */
        if (csv)
            fprintf(stream, "M-%zu,2026-11-22,XYZ,a@b.example,one,1,1,1\n", i);
        else
            fprintf(stream, "%s{\"number\":\n\"M-%zu\"}", i > 0 ? "," : "", i);
    if (!csv) fputc(']', stream);
    assert_int_equal(fclose(stream), 0);
    return path;
}

static long peak_of(const struct room *room, char *file)
{
    char *program = support_format("%s", room_program()), create[] = "create", json[] = "--json";
    char *const argv[] = {program, create, file, json, NULL};
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (size_t i = 0; i < room->variable_count; i++)
        assert_int_equal(putenv(room->variables[i]), 0);
    assert_true(nowhere >= 0);
    struct peak peak = peak_run(argv, nowhere);
    assert_int_equal(peak.code, 4);
    close(nowhere);
    free(program);
    return peak.kib;
}

static void long_files_take_no_more_than_short_ones(void **state)
{
    (void)state;
    struct mock mock = {0};
    struct room room;
    assert_true(mock_start(&mock, NULL));
    room_open(&room, mock.url, (const char *const[]){PRELOAD_ASAN_NO_LEAKS, NULL});
    for (int csv = 0; csv < 2; csv++) {
        char *few = write_many(&room, csv, SHORT), *many = write_many(&room, csv, LONG);
        long less = peak_of(&room, few), more = peak_of(&room, many);
        printf("%s: %d: %ld KiB; %d: %ld KiB\n", csv ? "CSV" : "list", SHORT, less, LONG, more);
        if (!peak_is_sanitized()) assert_true(more < less + GROWTH);
        free(few);
        free(many);
    }
    mock_clear(&mock);
    free(room.journal);
    temp_dir_remove(room.home); /* its variables are the environment's now */
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_set_up, stage_tear_down)

int main(void)
{
    http_setup();
    const struct CMUnitTest tests[] = {
        TEST(lists_and_records_over_several_lines),
        TEST(what_does_not_read_is_told_with_its_line),
        TEST(an_empty_input_says_so),
        TEST(the_same_invoice_is_told_as_such),
        TEST(the_form_says_that_nothing_is_missing),
        TEST(a_record_as_show_prints_it),
        TEST(what_list_writes_create_reads),
        TEST(rows_and_columns_are_told),
        TEST(a_thousand_cut_in_two),
        cmocka_unit_test(long_files_take_no_more_than_short_ones),
    };
    return cmocka_run_group_tests_name("client/files", tests, NULL, NULL);
}
