/* Instants as RFC 3339 writes them: what is one, what it is in UTC, and how ours are written. */
#include "protocol/wire/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define THEN INT64_C(1795341731000) /* 2026-11-22T10:02:11Z */

static void instants_are_read(void **unused)
{
    static const struct {
        const char *text;
        int64_t ms;
    } CASES[] = {
        {"2026-11-22T10:02:11Z", THEN},
        {"2026-11-22t10:02:11z", THEN},
        {"2026-11-22T10:02:11.5Z", THEN + 500},
        {"2026-11-22T10:02:11.004Z", THEN + 4},
        {"2026-11-22T10:02:11.99999999999Z", THEN + 999},
        {"2026-11-22T11:02:11+01:00", THEN},
        {"2026-11-22T06:32:11-03:30", THEN},
        {"2026-11-23T09:59:11+23:57", THEN},
        {"2026-11-22T10:01:60Z", THEN - 11000},
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59.999Z", -1},
        {"0001-01-01T00:00:00Z", INT64_C(-62135596800000)},
        {"9999-12-31T23:59:59Z", INT64_C(253402300799000)},
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t ms = 0;
        assert_true(clock_parse(CASES[i].text, &ms));
        assert_int_equal(ms, CASES[i].ms);
        assert_true(clock_is_date_time(CASES[i].text));
    }
}

static void what_is_none_is_refused(void **unused)
{
    static const char *const CASES[] = {
        "",
        "2026-11-22",
        "2026-11-22T10:02:11",
        "2026-11-22 10:02:11Z",
        "2026-02-29T10:02:11Z",
        "2026-11-22T24:02:11Z",
        "2026-11-22T1a:02:11Z",
        "2026-11-22Ta0:02:11Z",
        "2026-11-22T10.02:11Z",
        "2026-11-22T10:60:11Z",
        "2026-11-22T10:02.11Z",
        "2026-11-22T10:02:61Z",
        "2026-11-22T10:02:71Z",
        "2026-11-22T10:02:11.Z",
        "2026-11-22T10:02:11.5",
        "2026-11-22T10:02:11Zulu",
        "2026-11-22T10:02:11x01:00",
        "2026-11-22T10:02:11+0100",
        "2026-11-22T10:02:11+01-00",
        "2026-11-22T10:02:11+24:00",
        "2026-11-22T10:02:11+01:60",
        "2026-11-22T10:02:11+a1:00",
        "2026-11-22T10:02:11.000000000000000000000000000000Z",
        "0001-01-01T00:00:00+00:01", /* before the first year, in UTC */
        "9999-12-31T23:59:59-00:01", /* after the last one */
    };
    (void)unused;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        int64_t ms = 0;
        if (clock_parse(CASES[i], &ms)) fail_msg("%s is read as %lld", CASES[i], (long long)ms);
        assert_false(clock_is_date_time(CASES[i]));
    }
}

static void instants_are_written(void **unused)
{
    static const struct {
        int64_t ms;
        const char *text;
    } CASES[] = {
        {THEN, "2026-11-22T10:02:11.000Z"},
        {THEN + 7, "2026-11-22T10:02:11.007Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {-1000, "1969-12-31T23:59:59.000Z"},
        {INT64_C(253402300799999), "9999-12-31T23:59:59.999Z"},
        {INT64_C(253402300800000), "0000-01-01T00:00:00.000Z"}, /* what has no four digits */
        {INT64_MAX, "0000-01-01T00:00:00.807Z"},
    };
    (void)unused;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char text[CLOCK_TEXT_SIZE];
        clock_format(CASES[i].ms, text);
        assert_string_equal(text, CASES[i].text);
    }
}

static void clocks_go_on(void **unused)
{
    (void)unused;
    int64_t before = clock_monotonic_ms(), now = clock_now_ms();
    assert_true(clock_monotonic_ms() >= before);
    assert_true(clock_now_ms() >= now && now >= THEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(what_is_none_is_refused),
        cmocka_unit_test(instants_are_written),
        cmocka_unit_test(clocks_go_on),
    };
    return cmocka_run_group_tests_name("wire/clock", tests, NULL, NULL);
}
