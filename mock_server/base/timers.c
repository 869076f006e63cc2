#include "mock_server/base/timers.h"

#include "protocol/wire/clock.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A binary heap by due time, its first element at index 1. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    struct timer **heap;
    size_t count, capacity;
    bool hanging_stopped, stopped;
    unsigned rules; /* in force */
} timers = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void put(struct timer *timer, size_t place)
{
    timers.heap[place] = timer;
    timer->place = place;
}

static void sift_up(struct timer *timer, size_t place)
{
    while (place > 1 && timers.heap[place / 2]->due_ms > timer->due_ms) {
        put(timers.heap[place / 2], place);
        place /= 2;
    }
    put(timer, place);
}

static void sift_down(struct timer *timer, size_t place)
{
    while (2 * place <= timers.count) {
        size_t child = 2 * place;
        if (child < timers.count && timers.heap[child + 1]->due_ms < timers.heap[child]->due_ms) {
            child++;
        }
        if (timers.heap[child]->due_ms >= timer->due_ms) {
            break;
        }
        put(timers.heap[child], place);
        place = child;
    }
    put(timer, place);
}

static void take_out(struct timer *timer)
{
    size_t place = timer->place;
    assert(place >= 1 && place <= timers.count && timers.heap[place] == timer);
    struct timer *last = timers.heap[timers.count--];
    timer->place = 0;
    if (last != timer) {
        sift_down(last, place);
        sift_up(last, last->place);
    }
}

/* The first is due before those below it, and so before all: what the thread's sleep relies on. */
static bool root_is_first(void)
{
    int64_t due_ms = timers.heap[1]->due_ms;
    return (timers.count < 2 || due_ms <= timers.heap[2]->due_ms) &&
           (timers.count < 3 || due_ms <= timers.heap[3]->due_ms);
}

/* Waits until the first timer is due or something changes. Called and left with the lock held. */
static void wait_for_first(void)
{
    if (timers.count == 0) {
        pthread_cond_wait(&timers.changed, &timers.lock);
        return;
    }
    int64_t due = timers.heap[1]->due_ms;
    struct timespec until = {.tv_sec = due / 1000, .tv_nsec = (due % 1000) * 1000000};
    pthread_cond_timedwait(&timers.changed, &timers.lock, &until);
}

static void *run(void *unused)
{
    (void)unused;
    pthread_setname_np(pthread_self(), "timers");
    pthread_mutex_lock(&timers.lock);
    while (!timers.stopped || timers.count > 0) {
        if (timers.count == 0 ||
            (!timers.stopped && timers.heap[1]->due_ms > clock_monotonic_ms())) {
            wait_for_first();
            continue;
        }
        assert(root_is_first());
        struct timer *timer = timers.heap[1];
        take_out(timer);
        enum timer_reason reason =
            timers.stopped || (timers.hanging_stopped && timer->patience == TIMER_HANGS)
                ? TIMER_STOPPED
                : TIMER_DUE;
        pthread_mutex_unlock(&timers.lock);
        timer->fire(timer, reason);
        pthread_mutex_lock(&timers.lock);
    }
    pthread_mutex_unlock(&timers.lock);
    return NULL;
}

bool timers_start(void)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    bool ok = pthread_cond_init(&timers.changed, &attributes) == 0 &&
              pthread_create(&timers.thread, NULL, run, NULL) == 0;
    pthread_condattr_destroy(&attributes);
    return ok;
}

static bool make_room(void)
{
    if (timers.count + 1 < timers.capacity) {
        return true;
    }
    size_t capacity = timers.capacity ? timers.capacity * 2 : 64;
    struct timer **heap = realloc(timers.heap, capacity * sizeof(struct timer *));
    if (!heap) {
        return false;
    }
    timers.heap = heap;
    timers.capacity = capacity;
    return true;
}

static bool arm(struct timer *timer, int64_t delay_ms, enum timer_patience patience, unsigned rules)
{
    pthread_mutex_lock(&timers.lock);
    assert(timer->fire && timer->place == 0); /* twice in the heap it would be freed in it */
    bool ok = !timers.stopped && make_room();
    if (ok) {
        if ((timers.hanging_stopped && patience == TIMER_HANGS) ||
            (patience == TIMER_DELAYS && rules != timers.rules)) {
            delay_ms = 0;
        }
        timer->due_ms = clock_monotonic_ms() + delay_ms;
        timer->patience = patience;
        sift_up(timer, ++timers.count);
        if (timer->place == 1) {
            pthread_cond_signal(&timers.changed);
        }
    }
    pthread_mutex_unlock(&timers.lock);
    return ok;
}

bool timers_arm(struct timer *timer, int64_t delay_ms, enum timer_patience patience)
{
    return arm(timer, delay_ms, patience, 0);
}

bool timers_arm_delay(struct timer *timer, int64_t delay_ms, unsigned rules)
{
    return arm(timer, delay_ms, TIMER_DELAYS, rules);
}

bool timers_hurry(struct timer *timer)
{
    pthread_mutex_lock(&timers.lock);
    bool armed = timer->place != 0;
    if (armed) {
        timer->due_ms = 0;
        sift_up(timer, timer->place);
        pthread_cond_signal(&timers.changed);
    }
    pthread_mutex_unlock(&timers.lock);
    return armed;
}

bool timers_cancel(struct timer *timer)
{
    pthread_mutex_lock(&timers.lock);
    bool armed = timer->place != 0;
    if (armed) {
        take_out(timer);
    }
    pthread_mutex_unlock(&timers.lock);
    return armed;
}

/* Called with the lock held. */
static void fire_all(enum timer_patience patience)
{
    for (size_t i = 1; i <= timers.count; i++) {
        struct timer *timer = timers.heap[i];
        if (timer->patience == patience) {
            /* Its place only moves towards the root, over elements already seen. */
            timer->due_ms = 0;
            sift_up(timer, i);
        }
    }
    if (timers.count > 0) {
        pthread_cond_signal(&timers.changed);
    }
}

void timers_stop_hanging(void)
{
    pthread_mutex_lock(&timers.lock);
    timers.hanging_stopped = true;
    fire_all(TIMER_HANGS);
    pthread_mutex_unlock(&timers.lock);
}

void timers_end_delays(unsigned rules)
{
    pthread_mutex_lock(&timers.lock);
    timers.rules = rules;
    fire_all(TIMER_DELAYS);
    pthread_mutex_unlock(&timers.lock);
}

void timers_stop(void)
{
    pthread_mutex_lock(&timers.lock);
    timers.stopped = true;
    pthread_cond_signal(&timers.changed);
    pthread_mutex_unlock(&timers.lock);
    pthread_join(timers.thread, NULL);
    assert(timers.count == 0); /* each has had its callback */
    pthread_cond_destroy(&timers.changed);
    free(timers.heap);
    timers.heap = NULL;
    timers.count = timers.capacity = 0;
}
