/* Totals by EN 16931: what is rounded, when, and to how many digits. */
#include "protocol/wire/decimal.h"
#include "protocol/wire/resources/invoice.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void assert_totals(const char *currency, const struct values_row *lines, size_t count,
                          int64_t net, int64_t tax, int64_t gross)
{
    struct values invoice = {
        .texts[INVOICE_CURRENCY] = currency, .rows = lines, .row_count = count};
    struct amounts totals;
    assert_true(invoice_totals(&invoice, &totals));
    assert_int_equal(totals.fields[INVOICE_NET], net);
    assert_int_equal(totals.fields[INVOICE_TAX], tax);
    assert_int_equal(totals.fields[INVOICE_GROSS], gross);
}

static void adds_up_the_example(void **state)
{
    (void)state;
    static const struct values_row LINES[] = {{{"Consulting", "1.5", "120.00", "21"}},
                                              {{"Travel", "1", "89.00", "19"}}};
    struct values invoice = {.texts[INVOICE_CURRENCY] = "EUR", .rows = LINES, .row_count = 2};
    struct amounts totals;
    assert_true(invoice_totals(&invoice, &totals));
    assert_int_equal(totals.digits, 2);
    assert_true(totals.has_row[0] && totals.has_row[1]);
    assert_int_equal(totals.rows[0], 18000);
    assert_int_equal(totals.rows[1], 8900);
    assert_int_equal(totals.share_count, 2);
    assert_string_equal(totals.shares[0].rate, "21");
    assert_int_equal(totals.shares[0].base, 18000);
    assert_int_equal(totals.shares[0].amount, 3780);
    assert_int_equal(totals.shares[1].amount, 1691);
    assert_int_equal(totals.fields[INVOICE_NET], 26900);
    assert_int_equal(totals.fields[INVOICE_TAX], 5471);
    assert_int_equal(totals.fields[INVOICE_GROSS], 32371);
}

/* On the sum of the nets, not line by line. */
static void rounds_tax_once_a_rate(void **state)
{
    (void)state;
    static const struct values_row DOWN[] = {
        {{"a", "1", "0.02", "21"}}, {{"b", "1", "0.02", "21"}}, {{"c", "1", "0.02", "21"}}};
    assert_totals("EUR", DOWN, 3, 6, 1, 7); /* 0.0126; line by line it would be 0.00 */
    static const struct values_row UP[] = {
        {{"a", "1", "0.03", "21"}}, {{"b", "1", "0.03", "21"}}, {{"c", "1", "0.03", "21"}}};
    assert_totals("EUR", UP, 3, 9, 2, 11); /* 0.0189; line by line it would be 0.03 */
}

static void a_rate_is_one_by_value(void **state)
{
    (void)state;
    static const struct values_row LINES[] = {
        {{"a", "1", "0.02", "21"}},   {{"b", "1", "0.02", "21.00"}}, {{"c", "1", "0.02", "21.0"}},
        {{"d", "1", "1.00", NULL}},   {{"e", "1", "1.00", "0"}},     {{"f", "1", "1.00", ""}},
        {{"g", "1", "1.00", "0.00"}}, {{"h", "1", "1.00", "2.1"}}};
    struct values invoice = {
        .texts[INVOICE_CURRENCY] = "EUR", .rows = LINES, .row_count = COUNT(LINES)};
    struct amounts totals;
    assert_true(invoice_totals(&invoice, &totals));
    assert_int_equal(totals.share_count, 3);
    assert_string_equal(totals.shares[0].rate, "21");
    assert_int_equal(totals.shares[0].base, 6);
    assert_int_equal(totals.shares[0].amount, 1);
    assert_string_equal(totals.shares[1].rate, "0");
    assert_int_equal(totals.shares[1].base, 400);
    assert_int_equal(totals.shares[1].amount, 0);
    assert_int_equal(totals.shares[2].amount, 2);
}

static void rounds_to_the_minor_unit(void **state)
{
    (void)state;
    static const struct values_row LINE[] = {{{"a", "1.5", "3.3333", "10"}}}; /* 4.99995 */
    assert_totals("JPY", LINE, 1, 5, 1, 6);                                   /* tax 0.5 */
    assert_totals("EUR", LINE, 1, 500, 50, 550);
    assert_totals("KWD", LINE, 1, 5000, 500, 5500);
    assert_totals("CLF", LINE, 1, 50000, 5000, 55000);
    assert_totals("EURO", LINE, 1, 500, 50, 550); /* unknown: as with 2 digits */
    assert_totals(NULL, LINE, 1, 500, 50, 550);
    assert_totals("", LINE, 1, 500, 50, 550);
}

static void rounds_credits_away_from_zero(void **state)
{
    (void)state;
    static const struct values_row LINES[] = {{{"a", "-0.5", "0.05", "50"}},
                                              {{"b", "0.5", "0.05", "50"}}};
    assert_totals("EUR", LINES, 1, -3, -2, -5); /* -0.025 -> -0.03; -0.015 -> -0.02 */
    assert_totals("EUR", LINES, 2, 0, 0, 0);
    static const struct values_row HALVES[] = {{{"a", "-1", "1.00", "2.50"}}};
    assert_totals("EUR", HALVES, 1, -100, -3, -103);
}

static void leaves_out_what_does_not_read_yet(void **state)
{
    (void)state;
    static const struct values_row LINES[] = {
        {{"a", "1", "1.00", "10"}}, {{NULL, NULL, NULL, NULL}}, {{"c", "", "", ""}},
        {{"d", "1", NULL, "10"}},   {{"e", "1", "2.", "10"}},   {{"f", "1", "3.00", "x"}},
        {{"g", "2", "1.00", "10"}}, {{"h", "1.5.", "1", NULL}}};
    struct values invoice = {
        .texts[INVOICE_CURRENCY] = "EUR", .rows = LINES, .row_count = COUNT(LINES)};
    struct amounts totals;
    assert_true(invoice_totals(&invoice, &totals));
    for (size_t i = 0; i < COUNT(LINES); i++)
        assert_int_equal(totals.has_row[i], i == 0 || i == 6);
    assert_int_equal(totals.fields[INVOICE_NET], 300);
    assert_int_equal(totals.fields[INVOICE_TAX], 30);
    assert_totals("EUR", NULL, 0, 0, 0, 0);
}

static void says_when_an_amount_is_too_large(void **state)
{
    (void)state;
    static const struct values_row LINES[] = {{{"a", "9999", "9999999999999.99", "10"}},
                                              {{"b", "1", "2.00", "10"}}};
    struct values invoice = {.texts[INVOICE_CURRENCY] = "EUR", .rows = LINES, .row_count = 2};
    struct amounts totals;
    assert_false(invoice_totals(&invoice, &totals));
    assert_false(totals.has_row[0]);
    assert_true(totals.has_row[1]);
    static const struct values_row SUM[] = {{{"a", "1", "9999999999999.99", NULL}},
                                            {{"b", "1", "0.01", NULL}}};
    invoice.rows = SUM;
    assert_false(invoice_totals(&invoice, &totals));
    assert_true(totals.has_row[0] && totals.has_row[1]);
    static const struct values_row GROSS[] = {{{"a", "1", "9999999999999.99", "100"}}};
    invoice = (struct values){.texts[INVOICE_CURRENCY] = "EUR", .rows = GROSS, .row_count = 1};
    assert_false(invoice_totals(&invoice, &totals));
}

/* 200 lines of 200 rates: as many rows as lines, and more lines than there may be are not looked
 * at. */
static void holds_as_many_rates_as_lines(void **state)
{
    (void)state;
    static struct values_row lines[INVOICE_LINES_MAX + 1];
    static char rates[INVOICE_LINES_MAX + 1][DECIMAL_TEXT_MAX];
    for (size_t i = 0; i < COUNT(lines); i++) {
        decimal_format((int64_t)i, 2, rates[i]);
        lines[i] = (struct values_row){{"x", "1", "100.00", rates[i]}};
    }
    struct values invoice = {
        .texts[INVOICE_CURRENCY] = "EUR", .rows = lines, .row_count = COUNT(lines)};
    struct amounts totals;
    assert_true(invoice_totals(&invoice, &totals));
    assert_int_equal(totals.share_count, INVOICE_LINES_MAX);
    assert_int_equal(totals.fields[INVOICE_NET], 2000000);
    assert_int_equal(totals.fields[INVOICE_TAX], 199 * 200 / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(adds_up_the_example),
        cmocka_unit_test(rounds_tax_once_a_rate),
        cmocka_unit_test(a_rate_is_one_by_value),
        cmocka_unit_test(rounds_to_the_minor_unit),
        cmocka_unit_test(rounds_credits_away_from_zero),
        cmocka_unit_test(leaves_out_what_does_not_read_yet),
        cmocka_unit_test(says_when_an_amount_is_too_large),
        cmocka_unit_test(holds_as_many_rates_as_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
