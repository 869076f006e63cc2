/* Latencies of single requests, and what is said of many of them. */
#ifndef INVONCE_TESTS_BENCH_SAMPLES_H
#define INVONCE_TESTS_BENCH_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

/* All zeros is none. */
struct samples {
    uint32_t *microseconds;
    size_t count, capacity;
};

/* Nanoseconds of a clock that is never set. */
int64_t samples_now_ns(void);

/* Past 71 minutes a sample counts as 71 minutes. */
void samples_add(struct samples *samples, int64_t nanoseconds);

/* The least sample, in milliseconds, that `share` (0 to 1) of all are not above; 0 when there is
 * none. Sorts them. */
double samples_quantile_ms(struct samples *samples, double share);

void samples_clear(struct samples *samples);

#endif
