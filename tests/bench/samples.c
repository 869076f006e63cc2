#include "tests/bench/samples.h"

#include "tests/support/support.h"

#include <stdlib.h>
#include <time.h>

int64_t samples_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void samples_add(struct samples *samples, int64_t nanoseconds)
{
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity ? 2 * samples->capacity : 65536;
        uint32_t *grown = realloc(samples->microseconds, capacity * sizeof *grown);
        if (!grown) support_die("out of memory");
        samples->microseconds = grown;
        samples->capacity = capacity;
    }
    int64_t microseconds = nanoseconds / 1000;
    samples->microseconds[samples->count++] =
        microseconds > UINT32_MAX ? UINT32_MAX : (uint32_t)microseconds;
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

double samples_quantile_ms(struct samples *samples, double share)
{
    if (samples->count == 0) return 0;
    qsort(samples->microseconds, samples->count, sizeof *samples->microseconds, compare);
    size_t at = (size_t)(share * (double)samples->count);
    if (at >= samples->count) at = samples->count - 1;
    return samples->microseconds[at] / 1000.0;
}

void samples_clear(struct samples *samples)
{
    free(samples->microseconds);
    *samples = (struct samples){0};
}
