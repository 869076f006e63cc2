#include "protocol/client/clock.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock_ms(clockid_t id)
{
    struct timespec time = {0};
    clock_gettime(id, &time); /* fails only for a clock that isn't there; these two always are */
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Not BOOTTIME: the time a laptop is closed doesn't eat a retry budget. */
int64_t clock_monotonic_ms(void)
{
    return read_clock_ms(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
    return read_clock_ms(CLOCK_REALTIME);
}

void clock_format(int64_t wall_ms, char text[CLOCK_TEXT_SIZE])
{
    int64_t milliseconds = wall_ms % 1000;
    if (milliseconds < 0) milliseconds += 1000;
    time_t seconds = (time_t)((wall_ms - milliseconds) / 1000);

    struct tm utc = {0};
    if (gmtime_r(&seconds, &utc) == NULL || utc.tm_year < -1900 || utc.tm_year > 9999 - 1900)
        utc = (struct tm){.tm_year = -1900, .tm_mday = 1};
    /* The remainders change nothing; they show the compiler that the text fits. */
    snprintf(text, CLOCK_TEXT_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
             (unsigned)(utc.tm_year + 1900) % 10000, (unsigned)(utc.tm_mon + 1) % 100,
             (unsigned)utc.tm_mday % 100, (unsigned)utc.tm_hour % 100, (unsigned)utc.tm_min % 100,
             (unsigned)utc.tm_sec % 100, (unsigned)milliseconds % 1000);
}
