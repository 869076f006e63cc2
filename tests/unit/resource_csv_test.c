/* A spreadsheet's export becomes records: which columns there are, which rows are of one record,
 * how decimals are written there, and what is said of what can't be read. */
#include "protocol/wire/resource_csv.h"
#include "protocol/wire/resources/invoice.h"
#include "tests/support/order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RECORDS_MAX 8

/* What came of a file. */
struct got {
    size_t count;
    char *texts[RECORDS_MAX]; /* a record as JSON, else why there is none */
    size_t lines[RECORDS_MAX];
    char *rows; /* of the last one */
    char *header;
    char problem[CSV_PROBLEM_MAX];
    bool ok;
};

static void take(void *context, struct csv_record *record)
{
    struct got *got = context;
    assert_true(record->json != NULL || record->problem != NULL);
    assert_in_range(got->count, 0, RECORDS_MAX - 1);
    got->texts[got->count] =
        record->problem == NULL ? json_write(record->json) : strdup(record->problem);
    got->lines[got->count++] = record->line;
    free(got->rows);
    got->rows = strndup(record->rows, record->rows_length);
    json_free(record->json);
}

static void clear(struct got *got)
{
    for (size_t i = 0; i < got->count; i++)
        free(got->texts[i]);
    free(got->rows);
    free(got->header);
    *got = (struct got){0};
}

static struct got read_bytes(const struct resource *resource, struct csv_form form,
                             const char *bytes, size_t length, size_t piece)
{
    struct got got = {.ok = true};
    struct resource_csv *csv = resource_csv_new(resource, form, take, &got);
    assert_non_null(csv);
    for (size_t at = 0; got.ok && at < length; at += piece)
        got.ok = resource_csv_feed(csv, bytes + at, length - at < piece ? length - at : piece,
                                   got.problem);
    got.ok = got.ok && resource_csv_end(csv, got.problem);
    const char *header = resource_csv_header(csv);
    got.header = header != NULL ? strdup(header) : NULL;
    resource_csv_free(csv);
    return got;
}

static struct got read_text(const char *text)
{
    return read_bytes(&INVOICE, (struct csv_form){0}, text, strlen(text), strlen(text) + 1);
}

/* One record, that JSON, or that sentence. */
static void assert_one(const char *text, const char *expected)
{
    struct got got = read_text(text);
    assert_true(got.ok);
    assert_int_equal(got.count, 1);
    assert_string_equal(got.texts[0], expected);
    clear(&got);
}

/* Nothing can be made of the file, for that reason. */
static void assert_trouble(const char *text, const char *problem)
{
    struct got got = read_text(text);
    assert_false(got.ok);
    if (strncmp(got.problem, problem, strlen(problem)) != 0)
        fail_msg("%s\nand not\n%s", got.problem, problem);
    clear(&got);
}

static void columns_are_members(void **unused)
{
    (void)unused;
    assert_one(
        "Number,ISSUE_DATE,customer.email,description,quantity,payment.amount,id,created_at\n"
        "7,2026-11-22,a@b.example,\"Work, hard\",1.5,10.00,A-1,2020-01-01\n",
        "{\"number\":\"7\",\"issue_date\":\"2026-11-22\",\"customer\":{\"email\":"
        "\"a@b.example\"},\"id\":\"A-1\",\"created_at\":\"2020-01-01\",\"lines\":["
        "{\"description\":\"Work, hard\",\"quantity\":\"1.5\"}],\"payments\":[{\"amount\":"
        "\"10.00\"}]}");
    /* Empty cells say nothing; a resource may have other columns. */
    assert_one("number,notes\n7,\n", "{\"number\":\"7\"}");
    struct got got = read_bytes(&ORDER, (struct csv_form){0}, "reference,item\nR1,Pen\n", 22, 22);
    assert_true(got.ok);
    assert_string_equal(got.texts[0], "{\"reference\":\"R1\",\"items\":[{\"item\":\"Pen\"}]}");
    clear(&got);
}

static void rows_of_one_record_are_one(void **unused)
{
    (void)unused;
    struct got got = read_text("number,currency,description\n"
                               "1,EUR,a\n1,,b\n1,EUR,c\n" /* one */
                               "1,USD,d\n"                /* another: it says something else */
                               ",EUR,e\n,EUR,f\n"         /* without a name each is its own */
                               "2,EUR,g\n");
    assert_true(got.ok);
    assert_int_equal(got.count, 5);
    assert_string_equal(got.texts[0], "{\"number\":\"1\",\"currency\":\"EUR\",\"lines\":["
                                      "{\"description\":\"a\"},{\"description\":\"b\"},"
                                      "{\"description\":\"c\"}]}");
    assert_string_equal(got.texts[1], "{\"number\":\"1\",\"currency\":\"USD\",\"lines\":["
                                      "{\"description\":\"d\"}]}");
    static const size_t LINES[] = {2, 5, 6, 7, 8};
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(got.lines[i], LINES[i]);
    clear(&got);
    /* One that says nothing of a record is of the one above. */
    got = read_text("number,currency,description\n,,x\n1,EUR,a\n,,b\n,,\n,,c\n");
    assert_int_equal(got.count, 2);
    assert_string_equal(got.texts[1], "{\"number\":\"1\",\"currency\":\"EUR\",\"lines\":["
                                      "{\"description\":\"a\"},{\"description\":\"b\"},"
                                      "{\"description\":\"c\"}]}");
    clear(&got);
}

static void what_is_rejected_is_written_to_be_read_again(void **unused)
{
    (void)unused;
    struct got got =
        read_text("rejected;number;description\nNo.;7;\"two\nlines\"\n;7;\"\"\"b\"\"\"\n");
    assert_true(got.ok);
    assert_int_equal(got.count, 1);
    assert_string_equal(got.header, "\"rejected\";\"number\";\"description\"\r\n");
    assert_string_equal(got.rows, ";\"7\";\"two\nlines\"\r\n;\"7\";\"\"\"b\"\"\"\r\n");
    char *again = NULL;
    assert_true(asprintf(&again, "%s\"No.\"%s", got.header, got.rows) > 0);
    assert_one(again, got.texts[0]);
    free(again);
    clear(&got);
}

static void delimiters_are_found_or_given(void **unused)
{
    (void)unused;
    static const char EXPECTED[] = "{\"number\":\"7\",\"currency\":\"EUR\"}";
    assert_one("number;currency\n7;EUR\n", EXPECTED);
    assert_one("number\tcurrency\n7\tEUR\n", EXPECTED);
    assert_one("\"number\",\"currency\"\n7,EUR", EXPECTED);
    assert_one("\xEF\xBB\xBFnumber,currency\r\n7,EUR\r\n", EXPECTED);
    /* Or named, above the header. */
    assert_one("\xEF\xBB\xBFsep=|\r\nnumber|currency\r\n7|EUR\r\n", EXPECTED);
    assert_one("sep=;\nnumber;currency\n7;EUR\n", EXPECTED);
    assert_trouble("sep=;\nnumber;colour\n", "line 2: there is no column \"colour\"");
    assert_trouble("sep=;x\nnumber;currency\n", "line 1: there is no column \"sep=\"");
    /* Those in quotes don't count; another one may be told. */
    assert_trouble("number,\";;;\"\n", "line 1: there is no column \";;;\" here");
    struct got got = read_bytes(&INVOICE, (struct csv_form){.delimiter = '|'},
                                "number|currency\n7|EUR\n", 23, 5);
    assert_true(got.ok);
    assert_string_equal(got.texts[0], EXPECTED);
    clear(&got);
}

static void assert_decimal(const char *cell, const char *expected)
{
    char *text = NULL;
    assert_true(asprintf(&text, "number;quantity\n1,5;%s\n", cell) > 0);
    struct got got = read_bytes(&INVOICE, (struct csv_form){.decimal_comma = true}, text,
                                strlen(text), strlen(text));
    assert_true(got.ok);
    assert_int_equal(got.count, 1);
    if (strstr(got.texts[0], expected) == NULL) fail_msg("%s: %s", cell, got.texts[0]);
    clear(&got);
    free(text);
}

static void decimals_may_have_a_comma(void **unused)
{
    (void)unused;
    assert_decimal("1,5", "{\"number\":\"1,5\","); /* it is no decimal */
    assert_decimal("1,5", "\"quantity\":\"1.5\"");
    assert_decimal("-7", "\"quantity\":\"-7\"");
    assert_decimal("1.234,50", "\"quantity\":\"1234.50\"");
    assert_decimal("1.234.567,8", "\"quantity\":\"1234567.8\"");
    static const char *const NONE[] = {"1.234", "1.5", "1,2,3", "1.23,4", "1,234.5", "1.2345,6"};
    for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++)
        assert_decimal(NONE[i], "A number has a point where a decimal comma was expected");
    assert_decimal("x", "It is not a decimal number: write 1234,50");
    assert_decimal("1e3", "It is not a decimal number: write 1234,50");
}

static void a_record_that_cannot_be_read_says_why(void **unused)
{
    (void)unused;
    assert_one("number,currency\n7,EUR,extra\n",
               "A row has more cells than the first line has columns.");
    assert_one("number,currency\n7,\xFF\n",
               "A cell isn't UTF-8: have it exported as \"CSV UTF-8\".");
    static const char NUL[] = "number,currency\n7,E\0R\n8,EUR\n";
    struct got got = read_bytes(&INVOICE, (struct csv_form){0}, NUL, sizeof NUL - 1, sizeof NUL);
    assert_true(got.ok);
    assert_int_equal(got.count, 2);
    assert_string_equal(got.texts[0], "A cell holds a NUL.");
    assert_string_equal(got.texts[1], "{\"number\":\"8\",\"currency\":\"EUR\"}");
    clear(&got);
    /* One more row of a record that is refused is refused with it. */
    assert_one("number,description\n7,a,b\n7,c\n",
               "A row has more cells than the first line has columns.");
}

/* As old spreadsheets end rows: a line has many then. */
static void rows_may_end_with_a_cr_alone(void **unused)
{
    (void)unused;
    static const char TEXT[] = "number,currency\n7,EUR\r8,U\0D\r9,EUR";
    struct got got = read_bytes(&INVOICE, (struct csv_form){0}, TEXT, sizeof TEXT - 1, sizeof TEXT);
    assert_true(got.ok);
    assert_int_equal(got.count, 3);
    assert_string_equal(got.texts[1], "A cell holds a NUL.");
    assert_string_equal(got.texts[2], "{\"number\":\"9\",\"currency\":\"EUR\"}");
    for (size_t i = 0; i < got.count; i++)
        assert_int_equal(got.lines[i], 2);
    clear(&got);
}

static void a_file_that_cannot_be_read_says_why(void **unused)
{
    (void)unused;
    assert_trouble("number,colour\n7,red\n",
                   "line 1: there is no column \"colour\" here; the first "
                   "line must name the columns");
    assert_trouble("number,\xE9\n7,8\n", "line 1: the first line isn't UTF-8");
    assert_trouble("number,number\n7,8\n", "line 1: there are two columns \"number\"");
    assert_trouble("currency\nEUR\n", "line 1: the first line must name the columns, and there is "
                                      "none called \"number\"");
    assert_trouble("number,currency\n7,\"EUR\n8,USD\n",
                   "line 2: a quote that is opened there is never closed");
    char *wide = calloc(1, 130 * 3 + 1);
    assert_non_null(wide);
    for (int i = 0; i < 130; i++)
        memcpy(wide + 3 * i, "id,", 3);
    assert_trouble(wide, "line 1: it has more columns than 128");
    free(wide);
    struct got got = read_text("");
    assert_true(got.ok);
    assert_int_equal(got.count, 0);
    assert_null(got.header);
    clear(&got);
}

static void what_has_no_end_is_given_up(void **unused)
{
    (void)unused;
    size_t size = 1200 * 1024;
    char *text = malloc(size + 1);
    assert_non_null(text);
    memset(text, 'x', size);
    text[size] = '\0';
    assert_trouble(text, "line 1: the first line is longer than 1 MiB");
    memcpy(text, "number,notes\n7,\"", 16);
    assert_trouble(text, "line 2: a row is longer than 1 MiB; is a quote left open?");
    free(text);
}

static void pieces_make_no_difference(void **unused)
{
    (void)unused;
    static const char TEXT[] =
        "\xEF\xBB\xBFnumber,currency,description\r\n1,EUR,\"a\r\nb\"\r\n1,,c\r\n\r\n2,USD,d";
    for (size_t piece = 1; piece < sizeof TEXT; piece++) {
        struct got got = read_bytes(&INVOICE, (struct csv_form){0}, TEXT, sizeof TEXT - 1, piece);
        assert_true(got.ok);
        assert_int_equal(got.count, 2);
        assert_int_equal(got.lines[0], 2);
        assert_int_equal(got.lines[1], 6);
        assert_string_equal(got.texts[0],
                            "{\"number\":\"1\",\"currency\":\"EUR\",\"lines\":["
                            "{\"description\":\"a\\r\\nb\"},{\"description\":\"c\"}]}");
        clear(&got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_members),
        cmocka_unit_test(rows_of_one_record_are_one),
        cmocka_unit_test(what_is_rejected_is_written_to_be_read_again),
        cmocka_unit_test(delimiters_are_found_or_given),
        cmocka_unit_test(decimals_may_have_a_comma),
        cmocka_unit_test(a_record_that_cannot_be_read_says_why),
        cmocka_unit_test(rows_may_end_with_a_cr_alone),
        cmocka_unit_test(a_file_that_cannot_be_read_says_why),
        cmocka_unit_test(what_has_no_end_is_given_up),
        cmocka_unit_test(pieces_make_no_difference),
    };
    return cmocka_run_group_tests_name("wire/resource_csv", tests, NULL, NULL);
}
