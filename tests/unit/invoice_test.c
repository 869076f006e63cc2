/* An invoice's rules: each one broken alone, and all of them told at once. */
#include "protocol/wire/resources/invoice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define TEN(s)       s s s s s s s s s s
#define HUNDRED(s)   TEN(TEN(s))

static struct values_row sample_line(void)
{
    return (struct values_row){{"Consulting", "1.5", "120.00", "21"}};
}

static struct values sample(const struct values_row *lines, size_t count)
{
    return (struct values){.texts[INVOICE_NUMBER] = "2026-0042",
                           .texts[INVOICE_ISSUE_DATE] = "2026-11-22",
                           .texts[INVOICE_DUE_DATE] = "2026-12-22",
                           .texts[INVOICE_CURRENCY] = "EUR",
                           .texts[INVOICE_EMAIL] = "ap@northwind.example",
                           .texts[INVOICE_NAME] = "Northwind Ltd",
                           .rows = lines,
                           .row_count = count,
                           .texts[INVOICE_NOTES] = "",
                           .texts[INVOICE_EXTERNAL_SOURCE] = "shop",
                           .texts[INVOICE_EXTERNAL_ID] = "A-17"};
}

/* Exactly one violation, of this code at this pointer; NULL: none. */
static void assert_judged(const struct values *invoice, const char *pointer, const char *code)
{
    struct violations list = {0};
    bool valid = resource_judge(&INVOICE, invoice, NULL, &list);
    if (list.count != (code != NULL) || valid != (code == NULL))
        fail_msg("%zu violations, first: %s", list.count,
                 list.count > 0 ? list.items[0].detail : "-");
    if (code != NULL) {
        const struct violation *item = &list.items[0];
        assert_string_equal(item->pointer, pointer);
        assert_string_equal(item->code, code);
        assert_in_range(item->detail[0], 'A', 'Z');
        assert_int_equal(item->detail[strlen(item->detail) - 1], '.');
    }
    violations_clear(&list);
}

static void a_whole_invoice_is_valid(void **state)
{
    (void)state;
    struct values_row line = sample_line();
    struct values invoice = sample(&line, 1);
    assert_judged(&invoice, NULL, NULL);
}

static void the_least_invoice_is_valid(void **state)
{
    (void)state;
    static const struct values_row LINE = {{"x", "-1", "0", NULL}};
    struct values invoice = {.texts[INVOICE_NUMBER] = "1",
                             .texts[INVOICE_ISSUE_DATE] = "2026-01-01",
                             .texts[INVOICE_CURRENCY] = "JPY",
                             .texts[INVOICE_EMAIL] = "a@b.c",
                             .rows = &LINE,
                             .row_count = 1};
    assert_judged(&invoice, NULL, NULL);
    /* What a form leaves empty is absent. */
    invoice.texts[INVOICE_DUE_DATE] = invoice.texts[INVOICE_NAME] = invoice.texts[INVOICE_NOTES] =
        "";
    invoice.texts[INVOICE_EXTERNAL_SOURCE] = invoice.texts[INVOICE_EXTERNAL_ID] = "";
    assert_judged(&invoice, NULL, NULL);
}

struct row {
    const char *text;
    const char *code; /* NULL: it is valid */
};

/* Each text in that field of the invoice. */
static void assert_rows(enum invoice_field field, const char *pointer, const struct row *rows,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct values_row line = sample_line();
        struct values invoice = sample(&line, 1);
        invoice.texts[field] = rows[i].text;
        assert_judged(&invoice, pointer, rows[i].code);
    }
}

static void assert_line_rows(enum invoice_line column, const char *pointer, const struct row *rows,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct values_row lines[] = {sample_line(), sample_line()};
        struct values invoice = sample(lines, 2);
        lines[1].texts[column] = rows[i].text;
        assert_judged(&invoice, pointer, rows[i].code);
    }
}

#define CHECK(field, pointer, rows)      assert_rows(INVOICE_##field, pointer, rows, COUNT(rows))
#define CHECK_LINE(field, pointer, rows) assert_line_rows(LINE_##field, pointer, rows, COUNT(rows))

static void judges_numbers(void **state)
{
    (void)state;
    static const struct row ROWS[] = {
        {"1", NULL},
        {"caf\u00E9 / 7", NULL},
        {TEN("\u00E9\u6F22\U0001F600123") "1234", NULL}, /* 64 characters, more bytes */
        {TEN("\u00E9\u6F22\U0001F600123") "12345", "too-long"},
        {NULL, "required"},
        {"", "required"},
        {"   ", "required"},
        {"\u200B\u3000", "required"},
        {"a\tb", "control-character"},
        {"a\nb", "control-character"},
        {"\x1B[31m", "control-character"},
        {"a\xC2\x85", "control-character"},
    };
    CHECK(NUMBER, "/number", ROWS);
}

static void judges_dates(void **state)
{
    (void)state;
    static const struct row ISSUE[] = {
        {"2026-12-22", NULL},
        {"0001-01-01", NULL},
        {NULL, "required"},
        {"", "required"},
        {"2026-02-30", "not-a-date"},
        {"22/11/2026", "not-a-date"},
        {"2026-11-22 ", "not-a-date"},
    };
    static const struct row DUE[] = {
        {"2026-11-22", NULL},
        {"9999-12-31", NULL},
        {NULL, NULL},
        {"", NULL},
        {"2026-11-21", "before-issue-date"},
        {"2025-12-22", "before-issue-date"},
        {"2026-11-31", "not-a-date"},
        {" ", "not-a-date"},
    };
    CHECK(ISSUE_DATE, "/issue_date", ISSUE);
    CHECK(DUE_DATE, "/due_date", DUE);
}

static void judges_currencies(void **state)
{
    (void)state;
    static const struct row ROWS[] = {{"KWD", NULL},
                                      {NULL, "required"},
                                      {"", "required"},
                                      {"eur", "not-a-currency"},
                                      {"EURO", "not-a-currency"},
                                      {"XXX", "not-a-currency"},
                                      {"EUR\n", "not-a-currency"}};
    CHECK(CURRENCY, "/currency", ROWS);
}

static void judges_emails(void **state)
{
    (void)state;
    static const struct row ROWS[] = {
        {"a.b+c@sub.example.com", NULL},
        {"\u00E9@\u00E9.example", NULL},
        {"a@b.c", NULL},
        {HUNDRED("a") HUNDRED("b") TEN("1234") "12@example.org", NULL},        /* 254 */
        {HUNDRED("a") HUNDRED("b") TEN("1234") "123@example.org", "too-long"}, /* 255 */
        {NULL, "required"},
        {"", "required"},
        {" ", "required"},
        {"northwind", "not-an-email"},
        {"@b.c", "not-an-email"},
        {"a@", "not-an-email"},
        {"a@b", "not-an-email"},
        {"a@b@c.d", "not-an-email"},
        {"a@.b.c", "not-an-email"},
        {"a@b.c.", "not-an-email"},
        {"a@b..c", "not-an-email"},
        {"a@.", "not-an-email"},
        {"a b@c.d", "not-an-email"},
        {" a@b.c", "not-an-email"},
        {"a@b.c\u00A0", "not-an-email"},
        {"AnaSilva<a@b.c>", "not-an-email"},
        {"<a@b.c>", "not-an-email"},
        {"a@b.c>", "not-an-email"},
        {"a@b.c;", "not-an-email"},
        {"a@b.c,", "not-an-email"},
        {"mailto:a@b.c", "not-an-email"},
        {"\"a;b\"@b.c", "not-an-email"},
        {"a\x01@b.c", "control-character"},
    };
    CHECK(EMAIL, "/customer/email", ROWS);
}

static void judges_names_and_notes(void **state)
{
    (void)state;
    static const struct row NAMES[] = {{NULL, NULL},
                                       {"", NULL},
                                       {HUNDRED("\u00E9") HUNDRED("x"), NULL},
                                       {HUNDRED("\u00E9") HUNDRED("x") "y", "too-long"},
                                       {"a\nb", "control-character"}};
    static const struct row NOTES[] = {{NULL, NULL},
                                       {"a\r\nb\nc", NULL},
                                       {TEN(HUNDRED("\u00E9x")), NULL},
                                       {TEN(HUNDRED("\u00E9x")) "y", "too-long"},
                                       {"a\tb", "control-character"},
                                       {"a\x1B[b", "control-character"}};
    CHECK(NAME, "/customer/name", NAMES);
    CHECK(NOTES, "/notes", NOTES);
}

static void an_external_reference_needs_both_members(void **state)
{
    (void)state;
    static const struct row ROWS[] = {{"x", NULL},
                                      {NULL, "required"},
                                      {"", "required"},
                                      {" ", "required"},
                                      {"a\nb", "control-character"},
                                      {HUNDRED("x") HUNDRED("y"), NULL},
                                      {HUNDRED("x") HUNDRED("y") "z", "too-long"}};
    CHECK(EXTERNAL_SOURCE, "/external_ref/source", ROWS);
    CHECK(EXTERNAL_ID, "/external_ref/id", ROWS);
}

static void judges_lines(void **state)
{
    (void)state;
    static const struct row DESCRIPTION[] = {{"x", NULL},
                                             {HUNDRED("\u00E9") HUNDRED("x"), NULL},
                                             {HUNDRED("\u00E9") HUNDRED("x") "y", "too-long"},
                                             {NULL, "required"},
                                             {"", "required"},
                                             {"\u3000", "required"},
                                             {"a\nb", "control-character"}};
    static const struct row QUANTITY[] = {
        {"-0.0001", NULL},
        {"99999", NULL},
        {NULL, "required"},
        {"", "required"},
        {"0", "out-of-range"},
        {"-0.00", "out-of-range"},
        {"1,5", "not-a-decimal"},
        {"1e3", "not-a-decimal"},
        {" 1", "not-a-decimal"},
        {"1.00000", "too-many-decimals"},
        {"1234567890123456", "too-long"},
    };
    static const struct row PRICE[] = {
        {"0", NULL},
        {"0.0001", NULL},
        {NULL, "required"},
        {"-1", "out-of-range"},
        {"-0.0001", "out-of-range"},
        {"0.00001", "too-many-decimals"},
        {"\u0661", "not-a-decimal"},
        {"1.234567890123456", "too-long"},
    };
    static const struct row RATE[] = {
        {NULL, NULL},
        {"", NULL},
        {"0", NULL},
        {"100", NULL},
        {"100.00", NULL},
        {"5.5", NULL},
        {"100.01", "out-of-range"},
        {"-1", "out-of-range"},
        {"21.000", "too-many-decimals"},
        {"21%", "not-a-decimal"},
    };
    CHECK_LINE(DESCRIPTION, "/lines/1/description", DESCRIPTION);
    CHECK_LINE(QUANTITY, "/lines/1/quantity", QUANTITY);
    CHECK_LINE(UNIT_PRICE, "/lines/1/unit_price", PRICE);
    CHECK_LINE(TAX_RATE, "/lines/1/tax_rate", RATE);
}

static void takes_1_to_200_lines(void **state)
{
    (void)state;
    struct values_row lines[INVOICE_LINES_MAX + 1];
    for (size_t i = 0; i < COUNT(lines); i++)
        lines[i] = sample_line();
    struct values invoice = sample(lines, INVOICE_LINES_MAX);
    assert_judged(&invoice, NULL, NULL);
    invoice.row_count = INVOICE_LINES_MAX + 1;
    assert_judged(&invoice, "/lines", "too-many");
    invoice.row_count = 0;
    assert_judged(&invoice, "/lines", "required");
    invoice.rows = NULL;
    assert_judged(&invoice, "/lines", "required");
}

static void an_overflow_is_a_violation(void **state)
{
    (void)state;
    struct values_row lines[] = {
        {{"x", "1", "9999999999999.99", NULL}},
        {{"x", "-1", "9999999999999.99", NULL}},
        {{"x", "10", "1000000000000", NULL}},
    };
    struct values invoice = sample(lines, 2);
    assert_judged(&invoice, NULL, NULL); /* the sum comes back to zero */
    invoice.row_count = 3;
    assert_judged(&invoice, "/lines/2", "overflow");
    lines[1].texts[LINE_QUANTITY] = "1";
    invoice.row_count = 2;
    assert_judged(&invoice, "/lines", "overflow");
    lines[1] = (struct values_row){{"x", "1", "1", "0"}};
    lines[0].texts[LINE_TAX_RATE] = "1";
    assert_judged(&invoice, "/lines", "overflow"); /* net and tax fit, gross doesn't */
    invoice.texts[INVOICE_CURRENCY] = "JPY";
    assert_judged(&invoice, NULL, NULL);
    lines[0] = (struct values_row){{"x", "999999999999999", "999999999999999", "100"}};
    assert_judged(&invoice, "/lines/0", "overflow");
}

static void tells_everything_at_once(void **state)
{
    (void)state;
    static const struct values_row LINES[] = {{{"", "0", "-1.23456", "x"}},
                                              {{NULL, NULL, NULL, NULL}}};
    struct values invoice = {.texts[INVOICE_NUMBER] = "a\tb",
                             .texts[INVOICE_ISSUE_DATE] = "x",
                             .texts[INVOICE_DUE_DATE] = "y",
                             .texts[INVOICE_CURRENCY] = "z",
                             .texts[INVOICE_EMAIL] = "q",
                             .texts[INVOICE_NAME] = "\n",
                             .rows = LINES,
                             .row_count = 2,
                             .texts[INVOICE_NOTES] = "\x01",
                             .texts[INVOICE_EXTERNAL_ID] = "i"};
    static const char *const POINTERS[] = {"/number",
                                           "/issue_date",
                                           "/due_date",
                                           "/currency",
                                           "/customer/email",
                                           "/customer/name",
                                           "/notes",
                                           "/external_ref/source",
                                           "/lines/0/description",
                                           "/lines/0/quantity",
                                           "/lines/0/unit_price",
                                           "/lines/0/tax_rate",
                                           "/lines/1/description",
                                           "/lines/1/quantity",
                                           "/lines/1/unit_price"};
    struct violations list = {0};
    assert_false(resource_judge(&INVOICE, &invoice, NULL, &list));
    for (size_t i = 0; i < COUNT(POINTERS); i++)
        if (violations_at(&list, POINTERS[i]) == NULL) fail_msg("nothing at %s", POINTERS[i]);
    assert_int_equal(list.count, COUNT(POINTERS) + 1); /* the price breaks two rules */
    violations_clear(&list);
}

static void sentences_are_short_safe_and_name_the_place(void **state)
{
    (void)state;
    struct values_row lines[] = {sample_line(), sample_line()};
    struct values invoice = sample(lines, 2);
    struct violations list = {0};
    invoice.texts[INVOICE_ISSUE_DATE] = "2026-02-30";
    invoice.texts[INVOICE_EMAIL] = "\x1B[2J" HUNDRED("evil") "\u202E";
    lines[1].texts[LINE_QUANTITY] = "1,5";
    assert_false(resource_judge(&INVOICE, &invoice, NULL, &list));
    assert_string_equal(violations_at(&list, "/issue_date")->detail,
                        "The issue date is not a day of the calendar (\"2026-02-30\"); write it as "
                        "YYYY-MM-DD.");
    assert_string_equal(violations_at(&list, "/lines/1/quantity")->detail,
                        "The quantity of line 2 is not a decimal number (\"1,5\"); write it as 1.5 "
                        "or -2.");
    for (size_t i = 0; i < list.count; i++) {
        assert_null(strchr(list.items[i].detail, '\x1B'));
        assert_true(strlen(list.items[i].detail) < 200);
    }
    violations_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_invoice_is_valid),
        cmocka_unit_test(the_least_invoice_is_valid),
        cmocka_unit_test(judges_numbers),
        cmocka_unit_test(judges_dates),
        cmocka_unit_test(judges_currencies),
        cmocka_unit_test(judges_emails),
        cmocka_unit_test(judges_names_and_notes),
        cmocka_unit_test(an_external_reference_needs_both_members),
        cmocka_unit_test(judges_lines),
        cmocka_unit_test(takes_1_to_200_lines),
        cmocka_unit_test(an_overflow_is_a_violation),
        cmocka_unit_test(tells_everything_at_once),
        cmocka_unit_test(sentences_are_short_safe_and_name_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
