/* When to post: back-off, and what a receiver that fails is spared. */
#include "mock_server/deliveries/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MOST UINT32_MAX

static void waiting_doubles_to_ten_minutes(void **state)
{
    (void)state;
    static const struct {
        int64_t attempts, most;
    } CASES[] = {{1, 1000},    {2, 2000},      {3, 4000},          {10, 512000},
                 {11, 600000}, {1000, 600000}, {INT64_MAX, 600000}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_int_equal(pace_delay_ms(CASES[i].attempts, 0, MOST), CASES[i].most);
        assert_int_equal(pace_delay_ms(CASES[i].attempts, 0, 0), 0);
        assert_in_range(pace_delay_ms(CASES[i].attempts, 0, MOST / 2), CASES[i].most / 2 - 1,
                        CASES[i].most / 2 + 1);
    }
}

static void what_is_asked_for_is_obeyed_within_bounds(void **state)
{
    (void)state;
    assert_int_equal(pace_delay_ms(1, 30000, 0), 30000);
    assert_int_equal(pace_delay_ms(1, 500, MOST), 1000);
    assert_int_equal(pace_delay_ms(1, INT64_MAX, 0), 600000);
    struct pace pace = {0};
    pace_failed(&pace, 100, 5000, MOST);
    assert_false(pace_is_down(&pace));
    assert_int_equal(pace_at_once(&pace, 5099), 0);
    assert_int_equal(pace_at_once(&pace, 5100), 16);
    pace_failed(&pace, 6000, INT64_MAX, MOST);
    assert_int_equal(pace_at_once(&pace, 605999), 0);
    assert_int_equal(pace_at_once(&pace, 606000), 16);
}

static void one_that_fails_again_and_again_is_probed(void **state)
{
    (void)state;
    struct pace pace = {0};
    for (int i = 0; i < 15; i++) {
        pace_failed(&pace, 1, 0, MOST);
        assert_int_equal(pace_at_once(&pace, 1), 16);
    }
    pace_failed(&pace, 1, 0, MOST);
    assert_true(pace_is_down(&pace));
    assert_int_equal(pace_at_once(&pace, 1), 0);
    assert_int_equal(pace_at_once(&pace, 501), 1);
    pace_answered(&pace);
    assert_int_equal(pace_at_once(&pace, 1), 16);
}

/* All that was under way fails at one moment: that is one failure. */
static void an_outage_is_probed_at_most_every_ten_seconds(void **state)
{
    (void)state;
    struct pace pace = {0};
    int64_t now = 1000, pauses[] = {500, 1000, 2000, 4000, 8000, 10000, 10000, 10000};
    for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++) {
        for (int together = 0; together < 16; together++)
            pace_unreached(&pace, now, MOST);
        assert_int_equal(pace_at_once(&pace, now + pauses[i] - 1), 0);
        now += pauses[i];
        assert_int_equal(pace_at_once(&pace, now), 1);
    }
    for (int i = 0; i < 1000; i++, now += 10000)
        pace_unreached(&pace, now, 0);
    assert_in_range(pace.not_before, now - 5000, now);
    pace_answered(&pace);
    assert_int_equal(pace_at_once(&pace, now), 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waiting_doubles_to_ten_minutes),
        cmocka_unit_test(what_is_asked_for_is_obeyed_within_bounds),
        cmocka_unit_test(one_that_fails_again_and_again_is_probed),
        cmocka_unit_test(an_outage_is_probed_at_most_every_ten_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
