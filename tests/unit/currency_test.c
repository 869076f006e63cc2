/* Currencies: the minor units that ISO 4217 gives, and nothing that isn't money. */
#include "protocol/wire/currency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* All currencies whose minor unit has other than two digits. */
static const struct {
    const char *code;
    int digits;
} NOT_TWO[] = {
    {"BHD", 3}, {"BIF", 0}, {"CLF", 4}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0}, {"IQD", 3},
    {"ISK", 0}, {"JOD", 3}, {"JPY", 0}, {"KMF", 0}, {"KRW", 0}, {"KWD", 3}, {"LYD", 3},
    {"OMR", 3}, {"PYG", 0}, {"RWF", 0}, {"TND", 3}, {"UGX", 0}, {"UYI", 0}, {"UYW", 4},
    {"VND", 0}, {"VUV", 0}, {"XAF", 0}, {"XOF", 0}, {"XPF", 0},
};

static void knows_the_minor_units(void **state)
{
    (void)state;
    static const char *const TWO[] = {"AED", "EUR", "USD", "BRL", "GBP", "CHF", "ZWG",
                                      "XCG", "XAD", "SLE", "CNY", "MXV", "ZAR"};
    for (size_t i = 0; i < COUNT(NOT_TWO); i++)
        assert_int_equal(currency_minor_digits(NOT_TWO[i].code), NOT_TWO[i].digits);
    for (size_t i = 0; i < COUNT(TWO); i++)
        assert_int_equal(currency_minor_digits(TWO[i]), 2);
}

static void refuses_what_is_no_currency(void **state)
{
    (void)state;
    static const char *const ROWS[] = {"",    "eur", "Eur", "EU",  "EURO", " EUR", "EUR ",
                                       "XXX", "XTS", "XAU", "XDR", "XBA",  "HRK",  "BGN",
                                       "ANG", "CUC", "ZWL", "AAA", "ZZZ",  "978",  "E\xC3\x9CR"};
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (currency_minor_digits(ROWS[i]) != -1) fail_msg("\"%s\" is known", ROWS[i]);
}

/* Each of the 17,576 codes there could be: the search finds every row, so the table is in order. */
static void finds_every_row(void **state)
{
    (void)state;
    size_t found = 0, other = 0;
    char code[4] = "AAA";
    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++)
            for (code[2] = 'A'; code[2] <= 'Z'; code[2]++) {
                int digits = currency_minor_digits(code);
                assert_in_range(digits + 1, 0, CURRENCY_MINOR_DIGITS_MAX + 1);
                found += digits >= 0;
                other += digits >= 0 && digits != 2;
            }
    assert_int_equal(found, 165);
    assert_int_equal(other, COUNT(NOT_TWO));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_minor_units),
        cmocka_unit_test(refuses_what_is_no_currency),
        cmocka_unit_test(finds_every_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
