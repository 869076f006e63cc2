/* Attempts that wait for one in progress with the same key; a bounded number, no thread each. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_WAITERS_H
#define INVONCE_MOCK_SERVER_ENGINE_WAITERS_H

#include "mock_server/base/timers.h"
#include "mock_server/store/store.h"

#include <stdbool.h>

#define WAITERS_MAX 256

/* Part of whatever waits; its timer fires when the key is settled or the time is over. */
struct waiter {
    struct store_key key; /* borrowed while it waits */
    struct timer *timer;
    struct waiter *next, *previous;
    bool waits;
};

/* False: too many wait, or the server stops. */
bool waiters_add(struct waiter *waiter, int64_t wait_ms);

/* To be called first when the timer fires. */
void waiters_remove(struct waiter *waiter);

/* A key was settled: those that wait for it try again. */
void waiters_wake(const struct store_key *key);

#endif
