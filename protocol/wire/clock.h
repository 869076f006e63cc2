/* The two clocks, and how a time is written. */
#ifndef INVONCE_WIRE_CLOCK_H
#define INVONCE_WIRE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_TEXT_SIZE 25 /* "2026-11-22T10:02:11.042Z" and its NUL */

/* Milliseconds since 1970 UTC: what is stored, and what leases and lifetimes are judged by. */
int64_t clock_now_ms(void);

/* Milliseconds on a clock that nobody sets: what timers and deadlines run on. The time a laptop is
 * closed doesn't count. */
int64_t clock_monotonic_ms(void);

/* RFC 3339, UTC, with milliseconds; before year 0 and after 9999 it is the first of year 0. */
void clock_format(int64_t ms, char text[CLOCK_TEXT_SIZE]);

/* Reads an RFC 3339 date-time (section 5.6), of whatever offset; what is finer than a millisecond
 * is cut. False: it is none with a real day and time in it, or its year in UTC is not 1 to 9999,
 * so that what was read can be written, and read again. */
bool clock_parse(const char *text, int64_t *ms);
bool clock_is_date_time(const char *text);

#endif
