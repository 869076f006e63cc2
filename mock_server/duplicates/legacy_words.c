#include "mock_server/duplicates/legacy_words.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/date.h"

#include <stdio.h>

#define VIOLATIONS_TOLD 3

void legacy_refuse_violations(struct buffer *reason, const struct violations *violations)
{
    for (size_t i = 0; i < violations->count && i < VIOLATIONS_TOLD; i++) {
        buffer_printf(reason, "%s%s", i > 0 ? " " : "", violations->items[i].detail);
    }
    if (violations->count > VIOLATIONS_TOLD) {
        buffer_printf(reason, " (And %zu more.)", violations->count - VIOLATIONS_TOLD);
    }
}

bool legacy_read_time(const char *text, int64_t *ms)
{
    struct date date;
    char time[DATE_TEXT_SIZE + sizeof "T00:00:00Z"];
    if (!date_parse(text, &date)) {
        return clock_parse(text, ms);
    }
    snprintf(time, sizeof time, "%.10sT00:00:00Z", text);
    return clock_parse(time, ms);
}
