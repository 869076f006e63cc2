#include "tui/command/setting_value.h"

#include "protocol/wire/duration.h"
#include "tui/words/words.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define COUNT_MAX 64

static bool read_duration(const char *text, void *out)
{
    return duration_parse(text, 1, DURATION_DAY_MS, out);
}

static bool read_age(const char *text, void *out)
{
    return duration_parse(text, 1, DURATION_MAX_MS, out);
}

static bool read_flag(const char *text, void *out)
{
    bool *flag = out;
    *flag = strcmp(text, "yes") == 0;
    return *flag || strcmp(text, "no") == 0;
}

static bool read_count(const char *text, void *out)
{
    return number_parse(text, 1, COUNT_MAX, out);
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
    assert(kind < sizeof kinds / sizeof kinds[0] && kinds[kind].read);
    return kinds[kind].read(text, out);
}

const char *value_is(enum value_kind kind)
{
    return _(kinds[kind].is);
}
