/* What a retry storm does, and what the client's retries keep it from: the curves' properties, for
 * several seeds. */
#include "tests/bench/storm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECONDS_MAX 300

struct course {
    struct storm_settings settings;
    struct storm_second seconds[SECONDS_MAX];
};

/* A tenth of the clients before a tenth of the server: the same curves, sooner. */
static struct course *run_with(enum storm_manner manner, uint64_t seed, int retry_after_s)
{
    struct course *course = calloc(1, sizeof *course);
    assert_non_null(course);
    course->settings = storm_settings_default;
    course->settings.manner = manner;
    course->settings.seed = seed;
    course->settings.retry_after_s = retry_after_s;
    course->settings.clients /= 10;
    course->settings.capacity /= 10;
    course->settings.queue /= 10;
    assert_true(course->settings.seconds <= SECONDS_MAX);
    storm_run(&course->settings, course->seconds);
    return course;
}

static struct course *run(enum storm_manner manner, uint64_t seed)
{
    return run_with(manner, seed, storm_settings_default.retry_after_s);
}

static unsigned created_between(const struct course *course, int from_s, int until_s)
{
    unsigned sum = 0;
    for (int i = from_s; i < until_s; i++)
        sum += course->seconds[i].created;
    return sum;
}

static unsigned attempts_between(const struct course *course, int from_s, int until_s)
{
    unsigned sum = 0;
    for (int i = from_s; i < until_s; i++)
        sum += course->seconds[i].attempts;
    return sum;
}

/* The first second after the outage at whose end nothing is open; nor kept, if that counts. */
static int settled_s(const struct course *course, bool kept_counts)
{
    int second = course->settings.away_until_s;
    while (second < course->settings.seconds) {
        const struct storm_second *at = &course->seconds[second];
        unsigned pending = at->open + (kept_counts ? at->kept : 0);
        if (pending <= (unsigned)course->settings.capacity / 100) break;
        second++;
    }
    return second;
}

static void the_same_seed_gives_the_same_figures(void **unused)
{
    (void)unused;
    struct course *first = run(STORM_OURS, 7), *again = run(STORM_OURS, 7),
                  *other = run(STORM_OURS, 8);
    assert_memory_equal(first->seconds, again->seconds, sizeof first->seconds);
    assert_memory_not_equal(first->seconds, other->seconds, sizeof first->seconds);
    free(first);
    free(again);
    free(other);
}

/* Before the outage, and again at the end, all that is asked for is created at the first attempt.
 */
static void all_is_calm_before_and_after(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct course *course = run(STORM_OURS, seed);
        unsigned usual = created_between(course, 10, 60);
        unsigned expected = 50 * (unsigned)course->settings.clients / 50;
        assert_in_range(usual, expected * 95 / 100, expected * 105 / 100);
        assert_in_range(attempts_between(course, 10, 60), usual * 99 / 100, usual * 101 / 100);
        unsigned later = created_between(course, 240, 290);
        assert_in_range(later, expected * 95 / 100, expected * 105 / 100);
        assert_in_range(attempts_between(course, 240, 290), later * 99 / 100, later * 101 / 100);
        assert_int_equal(created_between(course, 60, 120), 0);
        free(course);
    }
}

/* No client asks more often than its backoff lets it: a client that waits sends every 4 s, as the
 * mean of [0, 8] is, and not every second. */
static void ours_ask_a_quarter_as_often(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct course *ours = run(STORM_OURS, seed), *naive = run(STORM_NAIVE, seed);
        unsigned a = attempts_between(ours, 110, 120), b = attempts_between(naive, 110, 120);
        assert_true(a * 10 < b * 3 && a * 10 > b * 2);
        /* Nor do they come all at once when the server is back. */
        assert_true(ours->seconds[120].attempts <= ours->seconds[119].attempts * 11 / 10);
        free(ours);
        free(naive);
    }
}

static void ours_are_served_sooner(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct course *ours = run(STORM_OURS, seed), *naive = run(STORM_NAIVE, seed);
        assert_true(settled_s(ours, false) + 20 <= settled_s(naive, false));
        assert_true(settled_s(ours, true) < settled_s(naive, false));
        assert_true(settled_s(ours, true) < ours->settings.seconds - 60);
        free(ours);
        free(naive);
    }
}

/* Budgets are spent, and what they leave is kept and created later: nobody gives up for good. */
static void what_is_given_up_is_created_from_the_outbox(void **unused)
{
    (void)unused;
    struct course *course = run(STORM_OURS, 1);
    unsigned given_up = 0, kept_most = 0;
    for (int i = 0; i < course->settings.seconds; i++) {
        given_up += course->seconds[i].given_up;
        if (course->seconds[i].kept > kept_most) kept_most = course->seconds[i].kept;
    }
    assert_true(given_up > 0 && kept_most > 0);
    assert_int_equal(course->seconds[course->settings.seconds - 1].kept, 0);
    /* Nobody spends a budget before it is 60 s old, less the last wait. */
    for (int i = 0; i < 60 + 60 - 8; i++)
        assert_int_equal(course->seconds[i].given_up, 0);
    free(course);
}

/* A full queue that asks for 5 s is left alone by more than one that asks for 1 s; one that asks
 * for 20 s has them all back at one moment, and nothing to do before. */
static void how_long_a_full_server_asks_them_to_wait(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct course *one = run_with(STORM_OURS, seed, 1), *five = run_with(STORM_OURS, seed, 5),
                      *twenty = run_with(STORM_OURS, seed, 20);
        unsigned best = created_between(five, 120, 140);
        assert_true(best * 100 > created_between(one, 120, 140) * 120);
        assert_true(best * 100 > created_between(twenty, 120, 140) * 120);
        free(one);
        free(five);
        free(twenty);
    }
}

/* An empty server's whole capacity goes into creates, and a flooded one's never below half. */
static void the_server_is_never_idle_in_a_storm(void **unused)
{
    (void)unused;
    struct course *course = run(STORM_NAIVE, 1);
    unsigned half = (unsigned)course->settings.capacity / 2;
    for (int i = 121; i < 150; i++)
        assert_true(course->seconds[i].created >= half);
    for (int i = 0; i < course->settings.seconds; i++)
        assert_true(course->seconds[i].created <= 2 * half + 1);
    free(course);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_figures),
        cmocka_unit_test(all_is_calm_before_and_after),
        cmocka_unit_test(ours_ask_a_quarter_as_often),
        cmocka_unit_test(ours_are_served_sooner),
        cmocka_unit_test(what_is_given_up_is_created_from_the_outbox),
        cmocka_unit_test(how_long_a_full_server_asks_them_to_wait),
        cmocka_unit_test(the_server_is_never_idle_in_a_storm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
