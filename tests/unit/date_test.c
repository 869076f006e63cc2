/* Calendar dates: which days there are, and how they are counted. */
#include "protocol/wire/date.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void reads_real_days(void **state)
{
    (void)state;
    static const char *const ROWS[] = {"2026-11-22", "2024-02-29", "2000-02-29",
                                       "0001-01-01", "9999-12-31", "2026-04-30"};
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct date date;
        char text[DATE_TEXT_SIZE];
        assert_true(date_parse(ROWS[i], &date));
        date_format(date, text);
        assert_string_equal(text, ROWS[i]);
    }
}

static void refuses_what_is_no_day(void **state)
{
    (void)state;
    static const char *const ROWS[] = {"",
                                       "2026",
                                       "2026-02-30",
                                       "2026-02-29",
                                       "1900-02-29",
                                       "2100-02-29",
                                       "2026-13-01",
                                       "2026-00-10",
                                       "2026-04-31",
                                       "2026-01-00",
                                       "2026-01-32",
                                       "0000-01-01",
                                       "2026-1-01",
                                       "2026-01-1",
                                       "2026-01-011",
                                       "20260101",
                                       "2026/01/01",
                                       " 2026-01-01",
                                       "2026-01-01 ",
                                       "-026-01-01",
                                       "+026-01-01",
                                       "2026-01-01T00:00:00Z",
                                       "2026-0a-01",
                                       "2026-01",
                                       "2026-01-",
                                       "\uFF12026-01-01"};
    struct date date = {1, 2, 3};
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (date_parse(ROWS[i], &date)) fail_msg("\"%s\" was read", ROWS[i]);
    assert_int_equal(date.year, 1);
}

static void knows_the_weekday(void **state)
{
    (void)state;
    assert_int_equal(date_weekday((struct date){2026, 11, 22}), 0);
    assert_int_equal(date_weekday((struct date){2026, 12, 22}), 2);
    assert_int_equal(date_weekday((struct date){1970, 1, 1}), 4);
    assert_int_equal(date_weekday((struct date){2000, 2, 29}), 2);
    assert_int_equal(date_weekday((struct date){1, 1, 1}), 1);
    assert_int_equal(date_weekday((struct date){9999, 12, 31}), 5);
}

static void counts_days_across_months_and_years(void **state)
{
    (void)state;
    static const struct {
        struct date from;
        int days;
        struct date to;
    } ROWS[] = {
        {{2026, 11, 22}, 30, {2026, 12, 22}}, {{2026, 12, 31}, 1, {2027, 1, 1}},
        {{2027, 1, 1}, -1, {2026, 12, 31}},   {{2024, 2, 28}, 1, {2024, 2, 29}},
        {{2023, 2, 28}, 1, {2023, 3, 1}},     {{2000, 1, 1}, 146097, {2400, 1, 1}},
        {{2026, 6, 15}, 0, {2026, 6, 15}},    {{1, 1, 1}, 3652058, {9999, 12, 31}},
    };
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        struct date to;
        assert_true(date_add_days(ROWS[i].from, ROWS[i].days, &to));
        assert_memory_equal(&to, &ROWS[i].to, sizeof to);
    }
}

static void stays_within_its_years(void **state)
{
    (void)state;
    struct date date = {2026, 1, 1};
    assert_false(date_add_days((struct date){9999, 12, 31}, 1, &date));
    assert_false(date_add_days((struct date){1, 1, 1}, -1, &date));
    assert_false(date_add_days((struct date){2026, 1, 1}, INT_MAX, &date));
    assert_false(date_add_days((struct date){2026, 1, 1}, INT_MIN, &date));
    assert_int_equal(date.year, 2026);
}

/* Every day of 400 years against the C library's calendar. */
static void agrees_with_the_c_library(void **state)
{
    (void)state;
    struct date first = {1900, 1, 1}, date;
    for (int i = 0; i < 146097; i++) {
        assert_true(date_add_days(first, i, &date));
        time_t seconds = ((time_t)i - 25567) * 86400;
        struct tm tm;
        assert_non_null(gmtime_r(&seconds, &tm));
        if (date.year != tm.tm_year + 1900 || date.month != tm.tm_mon + 1 ||
            date.day != tm.tm_mday || date_weekday(date) != tm.tm_wday)
            fail_msg("day %d is %04d-%02d-%02d", i, date.year, date.month, date.day);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_real_days),
        cmocka_unit_test(refuses_what_is_no_day),
        cmocka_unit_test(knows_the_weekday),
        cmocka_unit_test(counts_days_across_months_and_years),
        cmocka_unit_test(stays_within_its_years),
        cmocka_unit_test(agrees_with_the_c_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
