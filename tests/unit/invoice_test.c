/* An invoice's rules: each one broken alone, and all of them told at once. */
#include "protocol/wire/invoice.h"

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

static struct invoice_line sample_line(void)
{
    return (struct invoice_line){"Consulting", "1.5", "120.00", "21"};
}

static struct invoice sample(const struct invoice_line *lines, size_t count)
{
    return (struct invoice){.number = "2026-0042",
                            .issue_date = "2026-11-22",
                            .due_date = "2026-12-22",
                            .currency = "EUR",
                            .customer_email = "ap@northwind.example",
                            .customer_name = "Northwind Ltd",
                            .lines = lines,
                            .line_count = count,
                            .notes = "",
                            .external_source = "shop",
                            .external_id = "A-17"};
}

/* Exactly one violation, of this code at this pointer; NULL: none. */
static void assert_judged(const struct invoice *invoice, const char *pointer, const char *code)
{
    struct violations list = {0};
    bool valid = invoice_validate(invoice, &list);
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
    struct invoice_line line = sample_line();
    struct invoice invoice = sample(&line, 1);
    assert_judged(&invoice, NULL, NULL);
}

static void the_least_invoice_is_valid(void **state)
{
    (void)state;
    static const struct invoice_line LINE = {"x", "-1", "0", NULL};
    struct invoice invoice = {.number = "1",
                              .issue_date = "2026-01-01",
                              .currency = "JPY",
                              .customer_email = "a@b.c",
                              .lines = &LINE,
                              .line_count = 1};
    assert_judged(&invoice, NULL, NULL);
    /* What a form leaves empty is absent. */
    invoice.due_date = invoice.customer_name = invoice.notes = "";
    invoice.external_source = invoice.external_id = "";
    assert_judged(&invoice, NULL, NULL);
}

struct row {
    const char *text;
    const char *code; /* NULL: it is valid */
};

/* Each text in the invoice's member at `offset`. */
static void assert_rows(size_t offset, const char *pointer, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct invoice_line line = sample_line();
        struct invoice invoice = sample(&line, 1);
        memcpy((char *)&invoice + offset, &rows[i].text, sizeof rows[i].text);
        assert_judged(&invoice, pointer, rows[i].code);
    }
}

static void assert_line_rows(size_t offset, const char *pointer, const struct row *rows,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct invoice_line lines[] = {sample_line(), sample_line()};
        struct invoice invoice = sample(lines, 2);
        memcpy((char *)&lines[1] + offset, &rows[i].text, sizeof rows[i].text);
        assert_judged(&invoice, pointer, rows[i].code);
    }
}

#define CHECK(field, pointer, rows)                                                                \
    assert_rows(offsetof(struct invoice, field), pointer, rows, COUNT(rows))
#define CHECK_LINE(field, pointer, rows)                                                           \
    assert_line_rows(offsetof(struct invoice_line, field), pointer, rows, COUNT(rows))

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
    CHECK(number, "/number", ROWS);
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
    CHECK(issue_date, "/issue_date", ISSUE);
    CHECK(due_date, "/due_date", DUE);
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
    CHECK(currency, "/currency", ROWS);
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
    CHECK(customer_email, "/customer/email", ROWS);
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
    CHECK(customer_name, "/customer/name", NAMES);
    CHECK(notes, "/notes", NOTES);
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
    CHECK(external_source, "/external_ref/source", ROWS);
    CHECK(external_id, "/external_ref/id", ROWS);
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
    CHECK_LINE(description, "/lines/1/description", DESCRIPTION);
    CHECK_LINE(quantity, "/lines/1/quantity", QUANTITY);
    CHECK_LINE(unit_price, "/lines/1/unit_price", PRICE);
    CHECK_LINE(tax_rate, "/lines/1/tax_rate", RATE);
}

static void takes_1_to_200_lines(void **state)
{
    (void)state;
    struct invoice_line lines[INVOICE_LINES_MAX + 1];
    for (size_t i = 0; i < COUNT(lines); i++)
        lines[i] = sample_line();
    struct invoice invoice = sample(lines, INVOICE_LINES_MAX);
    assert_judged(&invoice, NULL, NULL);
    invoice.line_count = INVOICE_LINES_MAX + 1;
    assert_judged(&invoice, "/lines", "too-many");
    invoice.line_count = 0;
    assert_judged(&invoice, "/lines", "required");
    invoice.lines = NULL;
    assert_judged(&invoice, "/lines", "required");
}

static void an_overflow_is_a_violation(void **state)
{
    (void)state;
    struct invoice_line lines[] = {
        {"x", "1", "9999999999999.99", NULL},
        {"x", "-1", "9999999999999.99", NULL},
        {"x", "10", "1000000000000", NULL},
    };
    struct invoice invoice = sample(lines, 2);
    assert_judged(&invoice, NULL, NULL); /* the sum comes back to zero */
    invoice.line_count = 3;
    assert_judged(&invoice, "/lines/2", "overflow");
    lines[1].quantity = "1";
    invoice.line_count = 2;
    assert_judged(&invoice, "/lines", "overflow");
    lines[1] = (struct invoice_line){"x", "1", "1", "0"};
    lines[0].tax_rate = "1";
    assert_judged(&invoice, "/lines", "overflow"); /* net and tax fit, gross doesn't */
    invoice.currency = "JPY";
    assert_judged(&invoice, NULL, NULL);
    lines[0] = (struct invoice_line){"x", "999999999999999", "999999999999999", "100"};
    assert_judged(&invoice, "/lines/0", "overflow");
}

static void tells_everything_at_once(void **state)
{
    (void)state;
    static const struct invoice_line LINES[] = {{"", "0", "-1.23456", "x"},
                                                {NULL, NULL, NULL, NULL}};
    struct invoice invoice = {.number = "a\tb",
                              .issue_date = "x",
                              .due_date = "y",
                              .currency = "z",
                              .customer_email = "q",
                              .customer_name = "\n",
                              .lines = LINES,
                              .line_count = 2,
                              .notes = "\x01",
                              .external_id = "i"};
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
    assert_false(invoice_validate(&invoice, &list));
    for (size_t i = 0; i < COUNT(POINTERS); i++)
        if (violations_at(&list, POINTERS[i]) == NULL) fail_msg("nothing at %s", POINTERS[i]);
    assert_int_equal(list.count, COUNT(POINTERS) + 1); /* the price breaks two rules */
    violations_clear(&list);
}

static void sentences_are_short_safe_and_name_the_place(void **state)
{
    (void)state;
    struct invoice_line lines[] = {sample_line(), sample_line()};
    struct invoice invoice = sample(lines, 2);
    struct violations list = {0};
    invoice.issue_date = "2026-02-30";
    invoice.customer_email = "\x1B[2J" HUNDRED("evil") "\u202E";
    lines[1].quantity = "1,5";
    assert_false(invoice_validate(&invoice, &list));
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

static void an_email_is_judged_alone_too(void **state)
{
    (void)state;
    struct violations list = {0};
    invoice_validate_email("a@b.example", "/email", &list);
    assert_int_equal(list.count, 0);
    invoice_validate_email("nobody", "/email", &list);
    invoice_validate_email(NULL, "/emails/1", &list);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].pointer, "/email");
    assert_string_equal(list.items[0].code, "not-an-email");
    assert_string_equal(list.items[1].code, "required");
    invoice_validate_email("nobody", "/email", &list); /* it has had its word */
    assert_int_equal(list.count, 2);
    violations_clear(&list);
}

static void the_year_is_of_the_issue_date(void **state)
{
    (void)state;
    struct invoice invoice = {.issue_date = "2026-12-31"};
    assert_int_equal(invoice_year(&invoice), 2026);
    invoice.issue_date = "0007-01-01";
    assert_int_equal(invoice_year(&invoice), 7);
    invoice.issue_date = "2026-13-01";
    assert_int_equal(invoice_year(&invoice), 0);
    invoice.issue_date = NULL;
    assert_int_equal(invoice_year(&invoice), 0);
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
        cmocka_unit_test(an_email_is_judged_alone_too),
        cmocka_unit_test(the_year_is_of_the_issue_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
