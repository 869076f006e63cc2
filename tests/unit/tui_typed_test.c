/* Amounts and dates as people type them: each is read, or refused with both readings named. */
#include "tests/terminal/notations.h"
#include "tui/form/amount_entry.h"
#include "tui/form/date_entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *or_none(const char *text)
{
    return text ? text : "nothing";
}

static void expect(const struct notation *notation, const char *read, const char *other)
{
    if (strcmp(or_none(read), or_none(notation->read)) != 0 ||
        strcmp(or_none(other), or_none(notation->other)) != 0)
        fail_msg("\"%s\" (language %d) is read as %s and %s", notation->typed, notation->language,
                 or_none(read), or_none(other));
}

static void read_amount(const struct notation *notation, bool portuguese)
{
    char readings[2][AMOUNT_ENTRY_SIZE];
    const struct amount_habits habits = {.currency = "EUR", .point_parts = portuguese};
    enum amount_entry read = amount_entry_read(notation->typed, &habits, readings);
    bool known = read == AMOUNT_ENTRY_READ || read == AMOUNT_ENTRY_TWOFOLD;
    expect(notation, known ? readings[0] : NULL, read == AMOUNT_ENTRY_TWOFOLD ? readings[1] : NULL);
}

static void read_date(const struct notation *notation, bool portuguese)
{
    struct date readings[2];
    char days[2][DATE_TEXT_SIZE];
    const struct date_base base = {NOTATIONS_TODAY, NOTATIONS_TODAY, true, portuguese};
    size_t count = date_entry_readings(notation->typed, &base, readings);
    for (size_t i = 0; i < count; i++)
        date_format(readings[i], days[i]);
    expect(notation, count > 0 ? days[0] : NULL, count > 1 ? days[1] : NULL);
}

static void amounts_are_read_or_refused(void **state)
{
    (void)state;
    assert_true(COUNT(notations_of_amounts) >= 41);
    for (size_t i = 0; i < COUNT(notations_of_amounts); i++) {
        const struct notation *notation = &notations_of_amounts[i];
        if (notation->language & NOTATION_EN) read_amount(notation, false);
        if (notation->language & NOTATION_PT) read_amount(notation, true);
    }
}

static void dates_are_read_or_refused(void **state)
{
    (void)state;
    assert_true(COUNT(notations_of_dates) >= 49);
    for (size_t i = 0; i < COUNT(notations_of_dates); i++) {
        const struct notation *notation = &notations_of_dates[i];
        if (notation->language & NOTATION_EN) read_date(notation, false);
        if (notation->language & NOTATION_PT) read_date(notation, true);
    }
}

/* What it is read as is read so again, whatever the language: nothing changes when it is left once
 * more. */
static void a_reading_is_read_as_itself(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(notations_of_amounts); i++) {
        const struct notation *notation = &notations_of_amounts[i];
        const struct notation read = {NOTATION_ANY, notation->read, notation->read, NULL};
        const struct notation other = {NOTATION_ANY, notation->other, notation->other, NULL};
        bool english = notation->language == NOTATION_EN; /* "1.234" is one reading there alone */
        if (read.typed) read_amount(&read, false);
        if (read.typed && !english) read_amount(&read, true);
        if (other.typed) read_amount(&other, !english);
    }
}

static enum amount_entry status_of(const char *typed, const char *currency, bool percent)
{
    char readings[2][AMOUNT_ENTRY_SIZE];
    const struct amount_habits habits = {.currency = currency, .percent = percent};
    return amount_entry_read(typed, &habits, readings);
}

static void a_sign_is_of_the_currency(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *currency;
        enum amount_entry status;
    } rows[] = {
        {"\u20AC 5", "EUR", AMOUNT_ENTRY_READ},
        {"\u20AC 5", "USD", AMOUNT_ENTRY_OTHER_CURRENCY},
        {"\u20AC 5", "", AMOUNT_ENTRY_READ},
        {"R$ 5", "BRL", AMOUNT_ENTRY_READ},
        {"R$5", "USD", AMOUNT_ENTRY_OTHER_CURRENCY},
        {"$5", "CAD", AMOUNT_ENTRY_READ},
        {"5 usd", "USD", AMOUNT_ENTRY_READ},
        {"USD 5", "EUR", AMOUNT_ENTRY_OTHER_CURRENCY},
        {"2*EUR 5", "USD", AMOUNT_ENTRY_OTHER_CURRENCY},
        {"-\u00A35", "GBP", AMOUNT_ENTRY_READ},
        {"\u00A3-5", "GBP", AMOUNT_ENTRY_READ},
        {"\uFFE5 500", "JPY", AMOUNT_ENTRY_READ},
        {"XYZ 5", "EUR", AMOUNT_ENTRY_NONE},
        {"EUREUREUREUREUREUREUREUR 5", "EUR", AMOUNT_ENTRY_NONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (status_of(rows[i].typed, rows[i].currency, false) != rows[i].status)
            fail_msg("\"%s\" in %s", rows[i].typed, rows[i].currency);
    assert_int_equal(status_of("21 %", "EUR", true), AMOUNT_ENTRY_READ);
    assert_int_equal(status_of("21%", "EUR", false), AMOUNT_ENTRY_NONE);
}

static void sums_are_exact(void **state)
{
    (void)state;
    static const struct notation rows[] = {
        {NOTATION_EN, "0.1+0.2", "0.3", NULL},
        {NOTATION_EN, "0.1*0.1", "0.01", NULL},
        {NOTATION_EN, "1.5000*1.5000", "2.2500", NULL},
        {NOTATION_EN, "3x12,50", "37.50", NULL},
        {NOTATION_EN, "10-12", "-2", NULL},
        {NOTATION_EN, "-3*2", "-6", NULL},
        {NOTATION_EN, "2+3*4", "14", NULL},
        {NOTATION_EN, "3*0.33333", "0.99999", NULL}, /* the field says that it is too long */
        {NOTATION_EN, "999999999999999-999999999999999", "0", NULL},
        {NOTATION_EN, "99999999999999.9*1.0", "99999999999999.9", NULL},
        {NOTATION_EN, "999999999999999+0.0", "999999999999999", NULL},
        {NOTATION_EN, "012 345", NULL, NULL}, /* nobody parts thousands so */
        {NOTATION_EN, "0,234.5", NULL, NULL},
        {NOTATION_EN, "1+", NULL, NULL},
        {NOTATION_EN, "*2", NULL, NULL},
        {NOTATION_EN, "1**2", NULL, NULL},
        {NOTATION_EN, "3+-2", "1", NULL},
        {NOTATION_EN, "1/2", NULL, NULL},
        {NOTATION_EN, "(1+2)*3", NULL, NULL},
        {NOTATION_EN, "1e3", NULL, NULL},
        {NOTATION_EN, "", NULL, NULL},
        {NOTATION_EN, " ", NULL, NULL},
        {NOTATION_EN, "-", NULL, NULL},
        {NOTATION_EN, ",", NULL, NULL},
        {NOTATION_EN, "\xff", NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        read_amount(&rows[i], false);
    assert_int_equal(status_of("999999999999999+1", "", false), AMOUNT_ENTRY_TOO_LONG);
    assert_int_equal(status_of("99999999*99999999", "", false), AMOUNT_ENTRY_TOO_LONG);
    assert_int_equal(status_of("0.00000001*0.00000001", "", false), AMOUNT_ENTRY_TOO_LONG);
    assert_int_equal(status_of("1234567890123456*2", "", false), AMOUNT_ENTRY_TOO_LONG);
}

/* What is refused rather than read as something else than was meant. */
static const struct notation hardly_amounts[] = {
    {NOTATION_ANY, "\uFF11\uFF12.\uFF150", "12.50", NULL},
    {NOTATION_ANY, "\uFF11,234.\uFF15\uFF10", "1234.50", NULL},
    {NOTATION_ANY, "1\u00A0234\u202F567,5", "1234567.5", NULL},
    {NOTATION_ANY, "\u221212,50", "-12.50", NULL},
    {NOTATION_ANY, "\uFF0D\uFF15", "-5", NULL},
    {NOTATION_ANY, "0x10", NULL, NULL},
    {NOTATION_ANY, "0 x 10", NULL, NULL},
    {NOTATION_ANY, "10x2", "20", NULL},
    {NOTATION_ANY, "2--3", NULL, NULL},
    {NOTATION_ANY, "2++3", NULL, NULL},
    {NOTATION_ANY, "2-\u22123", NULL, NULL},
    {NOTATION_ANY, "2*-3", "-6", NULL},
    {NOTATION_EN, "1.234,56+1.500", "1236.060", "2734.56"},
    {NOTATION_EN, "1.500+1.234,56", "1236.060", "2734.56"},
    {NOTATION_EN, "1.234.567+1.500", "1234568.500", "1236067"},
    {NOTATION_EN, "12,5*1.234", "15.425", "15425.0"},
    {NOTATION_EN, "1,234.50+2.125", "1236.625", NULL},
    {NOTATION_EN, "1,234,567+2.125", "1234569.125", NULL},
    {NOTATION_ANY, "(12.50)", NULL, NULL},
    {NOTATION_ANY, "12.50-", NULL, NULL},
    {NOTATION_ANY, "12.-", NULL, NULL},
    {NOTATION_ANY, "12,\u2014", NULL, NULL},
    {NOTATION_ANY, "1e3", NULL, NULL},
    {NOTATION_ANY, "10/4", NULL, NULL},
    {NOTATION_ANY, "10:4", NULL, NULL},
    {NOTATION_ANY, "12,34,567", NULL, NULL},
    {NOTATION_ANY, "1 234 56", NULL, NULL},
    {NOTATION_ANY, "1\u00BD", NULL, NULL},
    {NOTATION_ANY, "12\u00B2", NULL, NULL},
    {NOTATION_ANY, "\u0663", NULL, NULL},
    {NOTATION_ANY, "1\u066B5", NULL, NULL},
    {NOTATION_ANY, "1\u00B75", NULL, NULL},
    {NOTATION_ANY,
     "1\u3002"
     "5",
     NULL, NULL},
    {NOTATION_ANY, "12 euros", NULL, NULL},
    {NOTATION_ANY, "\u20AC 12,50/h", NULL, NULL},
};

static const struct notation hardly_dates[] = {
    {NOTATION_ANY, "31.4.", NULL, NULL},
    {NOTATION_ANY, "31.4.27", NULL, NULL},
    {NOTATION_ANY, "29.2.2027", NULL, NULL},
    {NOTATION_ANY, "29.2.", NULL, NULL},
    {NOTATION_ANY, "29.2.2028", "2028-02-29", NULL},
    {NOTATION_ANY, "1900-02-29", NULL, NULL},
    {NOTATION_ANY, "2000-02-29", "2000-02-29", NULL},
    {NOTATION_ANY, "20270229", NULL, NULL},
    {NOTATION_ANY, "29-02-27", NULL, NULL}, /* and not 2029 */
    {NOTATION_ANY, "31-11-27", NULL, NULL},
    {NOTATION_EN, "31/6/27", NULL, NULL},
    {NOTATION_EN, "31/12/27", "2031-12-27", "2027-12-31"},
    {NOTATION_ANY, "31-04-30", NULL, NULL},
    {NOTATION_ANY, "1 1/11", NULL, NULL},
    {NOTATION_ANY, "3 1.12.2026", NULL, NULL},
    {NOTATION_ANY, "2026 1231", NULL, NULL},
    {NOTATION_ANY, "31 12", NULL, NULL},
    {NOTATION_ANY, " 31 .12\u00A0. 2026 ", "2026-12-31", NULL},
    {NOTATION_ANY, "+ 30", "2026-12-22", NULL},
    {NOTATION_ANY, "+3 0", NULL, NULL},
    {NOTATION_ANY, "31122026", NULL, NULL},
    {NOTATION_ANY, "261231", NULL, NULL},
    {NOTATION_ANY, "5/6/7", NULL, NULL},
    {NOTATION_ANY, "12/2026", NULL, NULL},
    {NOTATION_ANY, "2026-12-31T00:00", NULL, NULL},
    {NOTATION_ANY, "10000-01-01", NULL, NULL},
    {NOTATION_ANY, "0000-01-01", NULL, NULL},
    {NOTATION_ANY, "today", NULL, NULL},
    {NOTATION_ANY, "+1m", NULL, NULL},
    {NOTATION_ANY, "--30", NULL, NULL},
};

static void what_was_hardly_meant_is_not_read(void **state)
{
    (void)state;
    for (int portuguese = 0; portuguese < 2; portuguese++) {
        enum notation_language language = portuguese ? NOTATION_PT : NOTATION_EN;
        for (size_t i = 0; i < COUNT(hardly_amounts); i++)
            if (hardly_amounts[i].language & language) read_amount(&hardly_amounts[i], portuguese);
        for (size_t i = 0; i < COUNT(hardly_dates); i++)
            if (hardly_dates[i].language & language) read_date(&hardly_dates[i], portuguese);
    }
}

/* Of a number alone no digit is lost: the rules say what is too much of it. */
static void a_number_is_as_long_as_it_was_typed(void **state)
{
    (void)state;
    static const struct notation rows[] = {
        {NOTATION_EN, "1,234,567,890,123,456.78901", "1234567890123456.78901", NULL},
        {NOTATION_EN, "-1,50000", "-1.50000", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        read_amount(&rows[i], false);
    char longest[AMOUNT_ENTRY_MAX + 2];
    memset(longest, '9', sizeof longest);
    longest[AMOUNT_ENTRY_MAX] = '\0';
    assert_int_equal(status_of(longest, "", false), AMOUNT_ENTRY_READ);
    longest[AMOUNT_ENTRY_MAX] = '9';
    longest[AMOUNT_ENTRY_MAX + 1] = '\0';
    assert_int_equal(status_of(longest, "", false), AMOUNT_ENTRY_NONE);
    memset(longest, '-', AMOUNT_ENTRY_MAX);
    assert_int_equal(status_of(longest, "", false), AMOUNT_ENTRY_NONE);
}

/* No text is read as something else than it says: with one separator taken away the digits are
 * those of the reading. */
static void any_short_text_is_read_rightly_or_not_at_all(void **state)
{
    (void)state;
    static const char characters[] = "0159.,'+-* ";
    const size_t kinds = sizeof characters - 1;
    const struct amount_habits habits = {.currency = "EUR"};
    size_t texts = 1;
    for (int length = 1; length <= 5; length++) {
        texts *= kinds;
        for (size_t number = 0; number < texts; number++) {
            char typed[8] = "", readings[2][AMOUNT_ENTRY_SIZE], *end;
            size_t rest = number;
            for (int i = 0; i < length; i++, rest /= kinds)
                typed[i] = characters[rest % kinds];
            if (amount_entry_read(typed, &habits, readings) != AMOUNT_ENTRY_READ) continue;
            if (strpbrk(typed, ",' ") || strspn(typed, "0159.") != strlen(typed)) continue;
            if (strtod(readings[0], NULL) != strtod(typed, &end) || *end)
                fail_msg("\"%s\" is read as %s", typed, readings[0]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_read_or_refused),
        cmocka_unit_test(dates_are_read_or_refused),
        cmocka_unit_test(a_reading_is_read_as_itself),
        cmocka_unit_test(a_sign_is_of_the_currency),
        cmocka_unit_test(sums_are_exact),
        cmocka_unit_test(what_was_hardly_meant_is_not_read),
        cmocka_unit_test(a_number_is_as_long_as_it_was_typed),
        cmocka_unit_test(any_short_text_is_read_rightly_or_not_at_all),
    };
    return cmocka_run_group_tests_name("typed", tests, NULL, NULL);
}
