/* When to post: how long a delivery that failed waits, and how many may be on their way at once,
 * which is one at a time, and rarely, while the receiver fails. Pure. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_PACE_H
#define INVONCE_MOCK_SERVER_DELIVERIES_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACE_AT_ONCE   16
#define PACE_DELAY_MS  1000             /* after the first attempt, at most */
#define PACE_DELAY_MAX (10 * 60 * 1000) /* after many, and of what the receiver asks for */
#define PACE_PROBE_MIN 500              /* between two attempts at a receiver that is down */
#define PACE_PROBE_MAX (10 * 1000)

/* Until a delivery is tried again that failed so often: full jitter, doubling; or as long as the
 * receiver asked for (0: not). `entropy` is random. */
int64_t pace_delay_ms(int64_t attempts, int64_t asked_ms, uint32_t entropy);

/* All zeros: it is well. */
struct pace {
    int64_t failures;   /* in a row */
    int64_t not_before; /* monotonic ms; 0: any time */
};

/* It answered, whatever it said of the one delivery. */
void pace_answered(struct pace *pace);

/* It failed, at `now` (monotonic), and asked to be left alone so long; or it can't be reached at
 * all, which takes no more of them to be believed. Those that fail together are one failure. */
void pace_failed(struct pace *pace, int64_t now, int64_t asked_ms, uint32_t entropy);
void pace_unreached(struct pace *pace, int64_t now, uint32_t entropy);

bool pace_is_down(const struct pace *pace);

/* How many may be on their way at `now`. */
size_t pace_at_once(const struct pace *pace, int64_t now);

#endif
