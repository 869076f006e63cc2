#include "mock_server/base/duration.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *unit;
    int64_t ms;
} UNITS[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

/* A number without sign or spaces; *rest is what follows it. */
static bool leading_number(const char *text, int64_t *out, const char **rest)
{
    if (!isdigit((unsigned char)text[0])) {
        return false;
    }
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    *out = value;
    *rest = end;
    return errno == 0;
}

bool number_parse(const char *text, int64_t min, int64_t max, int64_t *out)
{
    const char *rest = NULL;
    int64_t value = 0;
    if (!leading_number(text, &value, &rest) || *rest != '\0' || value < min || value > max) {
        return false;
    }
    *out = value;
    return true;
}

bool duration_parse(const char *text, int64_t *ms)
{
    const char *rest = NULL;
    int64_t value = 0;
    if (!leading_number(text, &value, &rest)) {
        return false;
    }
    for (size_t i = 0; i < sizeof UNITS / sizeof UNITS[0]; i++) {
        if (strcmp(rest, UNITS[i].unit) == 0) {
            if (value > DURATION_MAX_MS / UNITS[i].ms) {
                return false;
            }
            *ms = value * UNITS[i].ms;
            return true;
        }
    }
    return false;
}
