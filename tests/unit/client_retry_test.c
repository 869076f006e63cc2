/* Backoff, Retry-After and the clock's text. */
#include "protocol/client/retry.h"
#include "protocol/wire/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct retry_policy policy = {.base_ms = 250, .cap_ms = 8000, .budget_ms = 60000};

static void the_ceiling_doubles_up_to_the_cap(void **unused)
{
    (void)unused;
    static const struct {
        unsigned attempts;
        int64_t ceiling;
    } rows[] = {{0, 250},  {1, 250},  {2, 500},  {3, 1000},  {4, 2000},
                {5, 4000}, {6, 8000}, {7, 8000}, {60, 8000}, {4000000000u, 8000}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(retry_delay_ms(&policy, rows[i].attempts, -1, 0), 0);
        assert_int_equal(retry_delay_ms(&policy, rows[i].attempts, -1, UINT32_MAX),
                         rows[i].ceiling);
        assert_int_equal(retry_delay_ms(&policy, rows[i].attempts, -1, UINT32_MAX / 2 + 1),
                         rows[i].ceiling / 2);
    }
}

static void retry_after_is_a_floor_with_a_bound(void **unused)
{
    (void)unused;
    assert_int_equal(retry_delay_ms(&policy, 1, 3000, UINT32_MAX), 3000);
    assert_int_equal(retry_delay_ms(&policy, 6, 3000, UINT32_MAX), 8000);
    assert_int_equal(retry_delay_ms(&policy, 1, 86400000, 0), RETRY_AFTER_MAX_MS);
    assert_int_equal(retry_delay_ms(&policy, 1, 0, 0), 0);
    assert_int_equal(retry_delay_ms(&policy, 1, INT64_MIN, 0), 0);
}

static void odd_policies_do_no_harm(void **unused)
{
    (void)unused;
    struct retry_policy zero = {0};
    assert_int_equal(retry_delay_ms(&zero, 5, -1, UINT32_MAX), 0);
    struct retry_policy negative = {.base_ms = -5, .cap_ms = -1};
    assert_int_equal(retry_delay_ms(&negative, 5, -1, UINT32_MAX), 0);
    struct retry_policy uneven = {.base_ms = 300, .cap_ms = 1000};
    assert_int_equal(retry_delay_ms(&uneven, 2, -1, UINT32_MAX), 600);
    assert_int_equal(retry_delay_ms(&uneven, 3, -1, UINT32_MAX), 1000);
    struct retry_policy huge = {.base_ms = INT64_MAX / 2, .cap_ms = INT64_MAX - 1};
    int64_t delay = retry_delay_ms(&huge, 100, -1, UINT32_MAX);
    assert_true(delay > INT64_MAX / 2);
}

static void the_clock_is_written_in_utc(void **unused)
{
    (void)unused;
    static const struct {
        int64_t wall_ms;
        const char *text;
    } rows[] = {{0, "1970-01-01T00:00:00.000Z"},
                {1795341731123, "2026-11-22T10:02:11.123Z"},
                {-1, "1969-12-31T23:59:59.999Z"},
                {INT64_MAX, "0000-01-01T00:00:00.807Z"},
                {253402300799999, "9999-12-31T23:59:59.999Z"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[CLOCK_TEXT_SIZE];
        clock_format(rows[i].wall_ms, text);
        assert_string_equal(text, rows[i].text);
    }
    int64_t first = clock_monotonic_ms();
    assert_true(clock_monotonic_ms() >= first);
    assert_true(clock_now_ms() > 1700000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ceiling_doubles_up_to_the_cap),
        cmocka_unit_test(retry_after_is_a_floor_with_a_bound),
        cmocka_unit_test(odd_policies_do_no_harm),
        cmocka_unit_test(the_clock_is_written_in_utc),
    };
    return cmocka_run_group_tests_name("client/retry", tests, NULL, NULL);
}
