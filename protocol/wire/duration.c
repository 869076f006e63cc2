#include "protocol/wire/duration.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int64_t ms;
} UNITS[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", DURATION_DAY_MS}};

/* Up to the first character that is no digit: `*rest`. */
static bool read_number(const char *text, int64_t *number, const char **rest)
{
    char *end = NULL;
    if (!isdigit((unsigned char)text[0])) return false;
    errno = 0;
    *number = strtoll(text, &end, 10);
    *rest = end;
    return errno == 0;
}

bool number_parse(const char *text, int64_t min, int64_t max, int64_t *out)
{
    const char *rest = NULL;
    int64_t number = 0;
    if (!read_number(text, &number, &rest) || *rest != '\0' || number < min || number > max)
        return false;
    *out = number;
    return true;
}

bool duration_parse(const char *text, int64_t min_ms, int64_t max_ms, int64_t *ms)
{
    const char *unit = NULL;
    int64_t number = 0;
    if (!read_number(text, &number, &unit)) return false;
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        if (strcmp(unit, UNITS[i].name) != 0) continue;
        if (number > max_ms / UNITS[i].ms || number * UNITS[i].ms < min_ms) return false;
        *ms = number * UNITS[i].ms;
        return true;
    }
    return false;
}
