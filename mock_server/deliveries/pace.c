#include "mock_server/deliveries/pace.h"

#include <assert.h>

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* start, 2 start, 4 start, and so on to max. */
static int64_t doubled(int64_t start, int64_t times, int64_t max)
{
    int64_t result = start;
    for (int64_t i = 0; i < times && result < max; i++) {
        result *= 2;
    }
    return least(result, max);
}

/* From 0 to most. */
static int64_t share_of(int64_t most, uint32_t entropy)
{
    assert(most >= 0 && most <= PACE_DELAY_MAX);
    return (int64_t)(((uint64_t)most + 1) * entropy >> 32);
}

int64_t pace_delay_ms(int64_t attempts, int64_t asked_ms, uint32_t entropy)
{
    int64_t delay = share_of(doubled(PACE_DELAY_MS, attempts - 1, PACE_DELAY_MAX), entropy);
    int64_t asked = least(asked_ms, PACE_DELAY_MAX);
    return delay > asked ? delay : asked;
}

void pace_answered(struct pace *pace)
{
    *pace = (struct pace){0};
}

bool pace_is_down(const struct pace *pace)
{
    return pace->failures >= PACE_AT_ONCE;
}

static void pause_until(struct pace *pace, int64_t until)
{
    pace->not_before = until > pace->not_before ? until : pace->not_before;
}

void pace_failed(struct pace *pace, int64_t now, int64_t asked_ms, uint32_t entropy)
{
    if (now >= pace->not_before) {
        pace->failures++;
        if (pace_is_down(pace)) {
            int64_t most = doubled(PACE_PROBE_MIN, pace->failures - PACE_AT_ONCE, PACE_PROBE_MAX);
            pause_until(pace, now + most / 2 + share_of(most / 2, entropy));
        }
    }
    if (asked_ms > 0) {
        pause_until(pace, now + least(asked_ms, PACE_DELAY_MAX));
    }
}

void pace_unreached(struct pace *pace, int64_t now, uint32_t entropy)
{
    if (!pace_is_down(pace)) {
        pace->failures = PACE_AT_ONCE - 1;
    }
    pace_failed(pace, now, 0, entropy);
}

size_t pace_at_once(const struct pace *pace, int64_t now)
{
    if (now < pace->not_before) {
        return 0;
    }
    return pace_is_down(pace) ? 1 : PACE_AT_ONCE;
}
