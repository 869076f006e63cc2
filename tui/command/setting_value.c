#include "tui/command/setting_value.h"

#include "tui/words/words.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS     86400000
#define AGE_MAX_MS (INT64_C(3660) * DAY_MS)
#define COUNT_MAX  64

/* "2s", "500ms", "1m", "30d": to milliseconds, over 0 and up to `max_ms`. */
static bool read_time(const char *text, int64_t max_ms, int64_t *ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", DAY_MS}};
    if (!isdigit((unsigned char)text[0])) return false;
    char *unit;
    errno = 0;
    long number = strtol(text, &unit, 10);
    if (errno != 0 || number <= 0 || number > max_ms) return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i].unit, unit) != 0 || number > max_ms / units[i].ms) continue;
        *ms = number * units[i].ms;
        return true;
    }
    return false;
}

static bool read_duration(const char *text, void *out)
{
    return read_time(text, DAY_MS, out);
}

static bool read_age(const char *text, void *out)
{
    return read_time(text, AGE_MAX_MS, out);
}

static bool read_flag(const char *text, void *out)
{
    bool *flag = out;
    *flag = strcmp(text, "yes") == 0;
    return *flag || strcmp(text, "no") == 0;
}

static bool read_count(const char *text, void *out)
{
    int64_t *count = out;
    if (!isdigit((unsigned char)text[0])) return false;
    char *end;
    errno = 0;
    *count = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' && *count >= 1 && *count <= COUNT_MAX;
}

static bool read_language(const char *text, void *out)
{
    (void)out; /* main has seen to it */
    return words_has(text);
}

static const struct {
    bool (*read)(const char *text, void *out);
    const char *is; /* what it should be */
} kinds[] = {
    [VALUE_FLAG] = {read_flag, N_("yes or no")},
    [VALUE_DURATION] = {read_duration, N_("a time such as 500ms, 2s or 1m, up to a day")},
    [VALUE_AGE] = {read_age, N_("a time such as 12h or 30d, up to ten years")},
    [VALUE_COUNT] = {read_count, N_("a number from 1 to 64")},
    [VALUE_LANGUAGE] = {read_language, N_("a language that is known here: en or pt_BR")},
};

bool value_read(enum value_kind kind, const char *text, void *out)
{
    return kinds[kind].read(text, out);
}

const char *value_is(enum value_kind kind)
{
    return _(kinds[kind].is);
}
