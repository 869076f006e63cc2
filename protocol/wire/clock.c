#include "protocol/wire/clock.h"

#include "protocol/wire/date.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* It fails only for a clock that isn't there; these two always are. */
static int64_t read_ms(clockid_t id)
{
    struct timespec now = {0};
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

static char *put_digits(char *at, int number, int digits, char after)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + number % 10);
        number /= 10;
    }
    at[digits] = after;
    return at + digits + 1;
}

void clock_format(int64_t ms, char text[CLOCK_TEXT_SIZE])
{
    int milliseconds = (int)(ms % 1000);
    if (milliseconds < 0) milliseconds += 1000;
    time_t seconds = (time_t)((ms - milliseconds) / 1000);
    struct tm utc = {0};
    if (gmtime_r(&seconds, &utc) == NULL || utc.tm_year < -1900 || utc.tm_year > 9999 - 1900)
        utc = (struct tm){.tm_year = -1900, .tm_mday = 1};
    char *at = put_digits(text, utc.tm_year + 1900, 4, '-');
    at = put_digits(at, utc.tm_mon + 1, 2, '-');
    at = put_digits(at, utc.tm_mday, 2, 'T');
    at = put_digits(at, utc.tm_hour, 2, ':');
    at = put_digits(at, utc.tm_min, 2, ':');
    at = put_digits(at, utc.tm_sec, 2, '.');
    at = put_digits(at, milliseconds, 3, 'Z');
    *at = '\0';
}

/* Two digits up to `max`; -1 otherwise. */
static int two_digits(const char *text, int max)
{
    if (!isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[1])) return -1;
    int value = (text[0] - '0') * 10 + (text[1] - '0');
    return value <= max ? value : -1;
}

/* Minutes east of UTC. False: it is no offset. */
static bool read_offset(const char *text, int *minutes)
{
    *minutes = 0;
    if ((text[0] == 'Z' || text[0] == 'z') && text[1] == '\0') return true;
    if ((text[0] != '+' && text[0] != '-') || strlen(text) != 6 || text[3] != ':') return false;
    int hours = two_digits(text + 1, 23), rest = two_digits(text + 4, 59);
    *minutes = (hours * 60 + rest) * (text[0] == '-' ? -1 : 1);
    return hours >= 0 && rest >= 0;
}

/* A fraction of a second from its point on; *milliseconds are those of its first three digits.
 * Gives what comes behind it; NULL: it has no digits. */
static const char *read_fraction(const char *text, int *milliseconds)
{
    size_t digits = strspn(text + 1, "0123456789");
    *milliseconds = 0;
    for (size_t i = 0; i < 3; i++)
        *milliseconds = *milliseconds * 10 + (i < digits ? text[1 + i] - '0' : 0);
    return digits > 0 ? text + 1 + digits : NULL;
}

bool clock_parse(const char *text, int64_t *ms)
{
    size_t length = strlen(text);
    if (length < sizeof "2026-11-22T10:02:11Z" - 1 || length > 40) return false;
    char day[DATE_TEXT_SIZE];
    snprintf(day, sizeof day, "%.10s", text);
    struct date date;
    if (!date_parse(day, &date) || (text[10] != 'T' && text[10] != 't')) return false;
    const char *time = text + 11, *rest = time + 8;
    int hour = two_digits(time, 23), minute = two_digits(time + 3, 59);
    int second = two_digits(time + 6, 60), milliseconds = 0, offset = 0;
    if (hour < 0 || time[2] != ':' || minute < 0 || time[5] != ':' || second < 0) return false;
    if (*rest == '.') rest = read_fraction(rest, &milliseconds);
    if (rest == NULL || !read_offset(rest, &offset)) return false;
    struct tm utc = {.tm_year = date.year - 1900,
                     .tm_mon = date.month - 1,
                     .tm_mday = date.day,
                     .tm_hour = hour,
                     .tm_min = minute - offset,
                     .tm_sec = second};
    *ms = (int64_t)timegm(&utc) * 1000 + milliseconds;
    return utc.tm_year >= 1 - 1900 && utc.tm_year <= 9999 - 1900; /* in UTC, too */
}

bool clock_is_date_time(const char *text)
{
    int64_t ms = 0;
    return clock_parse(text, &ms);
}
