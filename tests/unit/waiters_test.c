/* Attempts that wait for one key: all of its own are woken and no other, no more than there are
 * places for, and none once the server stops. */
#include "mock_server/engine/waiters.h"

#include "tests/support/support.h"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS 3600000

/* A waiter and its timer, as whoever waits has them. */
struct waiting {
    struct timer timer; /* first: what fires is this */
    struct waiter waiter;
    enum timer_reason reason;
    sem_t fired;
};

static void fire(struct timer *timer, enum timer_reason reason)
{
    struct waiting *waiting = (struct waiting *)timer;
    waiters_remove(&waiting->waiter);
    waiting->reason = reason;
    sem_post(&waiting->fired);
}

static const struct store_key KEY = {.tenant = "north", .endpoint = "POST /v1/notes", .key = "k"};

static bool wait_for(struct waiting *waiting, const struct store_key *key, int64_t wait_ms)
{
    *waiting = (struct waiting){.timer.fire = fire, .waiter.key = *key};
    waiting->waiter.timer = &waiting->timer;
    sem_init(&waiting->fired, 0, 0);
    return waiters_add(&waiting->waiter, wait_ms);
}

static void leave(struct waiting *waiting)
{
    waiters_remove(&waiting->waiter);
    assert_true(timers_cancel(&waiting->timer));
}

static int set_up(void **unused)
{
    (void)unused;
    return timers_start() ? 0 : -1;
}

static void those_of_the_key_are_woken(void **unused)
{
    (void)unused;
    struct waiting own[3], others[3];
    struct store_key keys[] = {KEY, KEY, KEY};
    keys[0].tenant = "south";
    keys[1].endpoint = "POST /v1/others";
    keys[2].key = "l";
    for (int i = 0; i < 3; i++) {
        assert_true(wait_for(&own[i], &KEY, HOUR_MS));
        assert_true(wait_for(&others[i], &keys[i], HOUR_MS));
    }
    waiters_wake(&KEY);
    for (int i = 0; i < 3; i++) {
        while (sem_wait(&own[i].fired) != 0)
            ;
        assert_int_equal(own[i].reason, TIMER_DUE);
        assert_false(own[i].waiter.waits);
    }
    for (int i = 0; i < 3; i++) {
        assert_true(others[i].waiter.waits);
        leave(&others[i]); /* it hadn't fired */
    }
    waiters_wake(&KEY); /* nobody is left */
}

static void the_time_may_be_over_first(void **unused)
{
    (void)unused;
    struct waiting waiting;
    assert_true(wait_for(&waiting, &KEY, 1));
    while (sem_wait(&waiting.fired) != 0)
        ;
    assert_false(waiting.waiter.waits);
    waiters_remove(&waiting.waiter); /* once more does nothing */
}

static void there_are_so_many_places(void **unused)
{
    (void)unused;
    struct waiting *waiting = calloc(WAITERS_MAX, sizeof *waiting), late;
    assert_non_null(waiting);
    for (int i = 0; i < WAITERS_MAX; i++)
        assert_true(wait_for(&waiting[i], &KEY, HOUR_MS));
    assert_false(wait_for(&late, &KEY, HOUR_MS));
    assert_false(late.waiter.waits);
    leave(&waiting[WAITERS_MAX / 2]);
    assert_true(wait_for(&late, &KEY, HOUR_MS));
    leave(&late);
    for (int i = 0; i < WAITERS_MAX; i++)
        if (i != WAITERS_MAX / 2) leave(&waiting[i]);
    free(waiting);
}

static void none_waits_once_the_server_stops(void **unused)
{
    (void)unused;
    struct waiting early, late;
    assert_true(wait_for(&early, &KEY, HOUR_MS));
    timers_stop();
    assert_int_equal(sem_trywait(&early.fired), 0);
    assert_false(early.waiter.waits);
    assert_false(wait_for(&late, &KEY, HOUR_MS));
    assert_false(late.waiter.waits);
    waiters_wake(&KEY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_of_the_key_are_woken), cmocka_unit_test(the_time_may_be_over_first),
        cmocka_unit_test(there_are_so_many_places),
        cmocka_unit_test(none_waits_once_the_server_stops), /* the last: they don't start again */
    };
    return cmocka_run_group_tests_name("waiters", tests, set_up, NULL);
}
