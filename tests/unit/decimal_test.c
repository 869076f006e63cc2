/* Exact decimals: what reads, what rounds where, what overflows. */
#include "protocol/wire/decimal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static struct decimal decimal(const char *text)
{
    struct decimal value = {0};
    assert_int_equal(decimal_parse(text, &value), DECIMAL_OK);
    return value;
}

static void reads_what_the_grammar_allows(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t coefficient;
        unsigned scale;
    } ROWS[] = {
        {"0", 0, 0},
        {"-0", 0, 0},
        {"-0.00", 0, 2},
        {"7", 7, 0},
        {"1.5", 15, 1},
        {"1.50", 150, 2},
        {"-12.0345", -120345, 4},
        {"0.0001", 1, 4},
        {"120.00", 12000, 2},
        {"999999999999999", INT64_C(999999999999999), 0},
        {"-999999999999999", -INT64_C(999999999999999), 0},
        {"12345678901234.5", INT64_C(123456789012345), 1},
        {"0.123456789012345", INT64_C(123456789012345), 15},
        {"0.000000000000001", 1, 15},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct decimal value = decimal(ROWS[i].text);
        assert_int_equal(value.coefficient, ROWS[i].coefficient);
        assert_int_equal(value.scale, ROWS[i].scale);
    }
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const char *const ROWS[] = {
        "",         "-",    "+1",       ".",   ".5",   "1.",  "-.5",   "01",
        "00",       "-01",  "00.5",     "1,5", "1 ",   " 1",  "1.2.3", "1e3",
        "1E3",      "0x10", "--1",      "1-",  "NaN",  "inf", "1_000", "1.-5",
        "\xD9\xA1", "1\n",  "Infinity", "-0.", "1.5a", "a",   "1..2"};
    struct decimal value = {42, 7};
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (decimal_parse(ROWS[i], &value) != DECIMAL_MALFORMED)
            fail_msg("\"%s\" was read", ROWS[i]);
    assert_int_equal(value.coefficient, 42);
    assert_int_equal(value.scale, 7);
}

static void refuses_more_than_fifteen_digits(void **state)
{
    (void)state;
    static const char *const ROWS[] = {"1000000000000000",
                                       "-1000000000000000",
                                       "1.000000000000000",
                                       "123456789012345.6",
                                       "0.1234567890123456",
                                       "0.0000000000000001",
                                       "99999999999999999999999999999999999999999",
                                       "1.00000000000000000000000000000000000000000000"};
    struct decimal value;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (decimal_parse(ROWS[i], &value) != DECIMAL_TOO_LONG) fail_msg("\"%s\"", ROWS[i]);
}

static void compares_by_value(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int order;
    } ROWS[] = {
        {"21", "21.00", 0},
        {"0", "-0.000", 0},
        {"1.5", "1.49", 1},
        {"-1.5", "-1.49", -1},
        {"-1", "1", -1},
        {"100", "100.01", -1},
        {"0.1", "0.09", 1},
        {"999999999999999", "0.000000000000001", 1},
        {"-999999999999999", "0.999999999999999", -1},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        assert_int_equal(decimal_compare(decimal(ROWS[i].a), decimal(ROWS[i].b)), ROWS[i].order);
        assert_int_equal(decimal_compare(decimal(ROWS[i].b), decimal(ROWS[i].a)), -ROWS[i].order);
    }
}

static void multiplies_and_rounds_half_away_from_zero(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        unsigned scale;
        int64_t units;
    } ROWS[] = {
        {"1.5", "120.00", 2, 18000},
        {"1", "0.005", 2, 1},
        {"-1", "0.005", 2, -1},
        {"1", "0.0049", 2, 0},
        {"-1", "0.0049", 2, 0},
        {"0.5", "0.03", 2, 2}, /* 0.015 */
        {"0.5", "0.05", 2, 3}, /* 0.025: half to even would be 2 */
        {"-0.5", "0.05", 2, -3},
        {"0.5", "3", 0, 2}, /* 1.5 */
        {"0.5", "5", 0, 3}, /* 2.5 */
        {"0.5", "-5", 0, -3},
        {"0.3333", "3.3333", 4, 11110}, /* 1.11098889 */
        {"2", "7", 4, 140000},
        {"0", "999999999999999", 4, 0},
        {"0.000000000000001", "0.000000000000001", 4, 0},
        {"99999999999.9999", "0.0001", 3, INT64_C(10000000000)},
        {"9999999999999.99", "1", 2, INT64_C(999999999999999)},
        {"999999999999999", "1", 0, INT64_C(999999999999999)},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        int64_t units;
        assert_true(
            decimal_multiply(decimal(ROWS[i].a), decimal(ROWS[i].b), ROWS[i].scale, &units));
        assert_int_equal(units, ROWS[i].units);
    }
}

static void a_product_past_fifteen_digits_is_refused(void **state)
{
    (void)state;
    static const struct {
        struct decimal a, b;
        unsigned scale;
    } ROWS[] = {
        {{10000000000000, 0}, {1, 0}, 2},
        {{-10000000000000, 0}, {1, 0}, 2},
        {{999999999999995, 2}, {1001, 3}, 2},
        {{999999999999999, 0}, {1000000000000001, 15}, 0}, /* rounds up to a sixteenth digit */
        {{999999999999999, 0}, {999999999999999, 0}, 0},
        {{999999999999999, 0}, {999999999999999, 0}, 4},
        {{-999999999999999, 0}, {999999999999999, 0}, 4},
        {{9223372036854775807, 0}, {1, 0}, 0},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        int64_t units = 42;
        assert_false(decimal_multiply(ROWS[i].a, ROWS[i].b, ROWS[i].scale, &units));
        assert_int_equal(units, 42);
    }
}

static void takes_a_percentage(void **state)
{
    (void)state;
    static const struct {
        int64_t units;
        const char *rate;
        int64_t result;
    } ROWS[] = {
        {18000, "21", 3780},
        {18000, "21.00", 3780},
        {8900, "19", 1691},
        {50, "1", 1},
        {49, "1", 0},
        {-50, "1", -1},
        {-49, "1", 0},
        {250, "1", 3},
        {100, "0", 0},
        {1, "100", 1},
        {999, "7.75", 77},
        {333, "0.15", 0},
        {INT64_C(999999999999999), "100", INT64_C(999999999999999)},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        int64_t result;
        assert_true(decimal_percent(ROWS[i].units, decimal(ROWS[i].rate), &result));
        assert_int_equal(result, ROWS[i].result);
    }
    int64_t result = 42;
    assert_false(decimal_percent(INT64_C(999999999999999), decimal("100.01"), &result));
    assert_int_equal(result, 42);
}

static void a_sum_stays_as_it_was_when_it_would_overflow(void **state)
{
    (void)state;
    int64_t sum = INT64_C(999999999999998);
    assert_true(decimal_accumulate(&sum, 1));
    assert_int_equal(sum, INT64_C(999999999999999));
    assert_false(decimal_accumulate(&sum, 1));
    assert_int_equal(sum, INT64_C(999999999999999));
    assert_true(decimal_accumulate(&sum, -sum));
    assert_int_equal(sum, 0);
    assert_false(decimal_accumulate(&sum, INT64_MIN));
    assert_false(decimal_accumulate(&sum, INT64_MAX));
    assert_int_equal(sum, 0);
}

static void writes_units(void **state)
{
    (void)state;
    static const struct {
        int64_t units;
        unsigned scale;
        const char *text;
    } ROWS[] = {
        {12345, 2, "123.45"},
        {-5, 2, "-0.05"},
        {0, 2, "0.00"},
        {0, 0, "0"},
        {-7, 0, "-7"},
        {100, 2, "1.00"},
        {7, 4, "0.0007"},
        {-INT64_C(999999999999999), 3, "-999999999999.999"},
        {INT64_MIN, 4, "-922337203685477.5808"},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        char text[DECIMAL_TEXT_MAX];
        decimal_format(ROWS[i].units, ROWS[i].scale, text);
        assert_string_equal(text, ROWS[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_the_grammar_allows),
        cmocka_unit_test(refuses_everything_else),
        cmocka_unit_test(refuses_more_than_fifteen_digits),
        cmocka_unit_test(compares_by_value),
        cmocka_unit_test(multiplies_and_rounds_half_away_from_zero),
        cmocka_unit_test(a_product_past_fifteen_digits_is_refused),
        cmocka_unit_test(takes_a_percentage),
        cmocka_unit_test(a_sum_stays_as_it_was_when_it_would_overflow),
        cmocka_unit_test(writes_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
