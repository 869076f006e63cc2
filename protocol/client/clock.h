/* The client's two clocks. */
#ifndef INVONCE_CLIENT_CLOCK_H
#define INVONCE_CLIENT_CLOCK_H

#include <stdint.h>

#define CLOCK_TEXT_SIZE 25 /* "2026-11-22T10:02:11.123Z" and its NUL */

/* Monotonic milliseconds: for deadlines and durations. */
int64_t clock_monotonic_ms(void);

/* Milliseconds since 1970 UTC: for what people read later. */
int64_t clock_wall_ms(void);

/* RFC 3339 in UTC, with milliseconds. */
void clock_format(int64_t wall_ms, char text[CLOCK_TEXT_SIZE]);

#endif
