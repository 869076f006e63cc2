#include "mock_server/engine/waiters.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

static struct {
    pthread_mutex_t lock;
    struct waiter *first;
    size_t count;
} waiters = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void unlink_waiter(struct waiter *waiter)
{
    if (!waiter->waits) {
        return;
    }
    assert(waiters.count > 0);
    assert((waiter->previous ? waiter->previous->next : waiters.first) == waiter);
    *(waiter->previous ? &waiter->previous->next : &waiters.first) = waiter->next;
    if (waiter->next) {
        waiter->next->previous = waiter->previous;
    }
    waiter->waits = false;
    waiters.count--;
}

bool waiters_add(struct waiter *waiter, int64_t wait_ms)
{
    pthread_mutex_lock(&waiters.lock);
    assert(!waiter->waits);
    bool ok = waiters.count < WAITERS_MAX;
    if (ok) {
        waiter->previous = NULL;
        waiter->next = waiters.first;
        if (waiter->next) {
            waiter->next->previous = waiter;
        }
        waiters.first = waiter;
        waiter->waits = true;
        waiters.count++;
        ok = timers_arm(waiter->timer, wait_ms, TIMER_FINISHES);
        if (!ok) {
            unlink_waiter(waiter);
        }
    }
    pthread_mutex_unlock(&waiters.lock);
    return ok;
}

void waiters_remove(struct waiter *waiter)
{
    pthread_mutex_lock(&waiters.lock);
    unlink_waiter(waiter);
    pthread_mutex_unlock(&waiters.lock);
}

static bool same_key(const struct store_key *a, const struct store_key *b)
{
    return strcmp(a->key, b->key) == 0 && strcmp(a->tenant, b->tenant) == 0 &&
           strcmp(a->endpoint, b->endpoint) == 0;
}

void waiters_wake(const struct store_key *key)
{
    pthread_mutex_lock(&waiters.lock);
    struct waiter *next = NULL;
    for (struct waiter *waiter = waiters.first; waiter; waiter = next) {
        next = waiter->next;
        if (same_key(&waiter->key, key)) {
            /* Its timer fires on the timers' thread, where it takes itself off the list. */
            timers_hurry(waiter->timer);
        }
    }
    pthread_mutex_unlock(&waiters.lock);
}
