#include "tui/words/day.h"

#include "protocol/wire/clock.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <time.h>

static const char *const MONTHS[] = {
    N_("January"), N_("February"), N_("March"),     N_("April"),   N_("May"),      N_("June"),
    N_("July"),    N_("August"),   N_("September"), N_("October"), N_("November"), N_("December"),
};

void words_day(const char *utc, char text[WORDS_DAY_SIZE])
{
    int64_t ms;
    struct tm day, today;
    time_t now = time(NULL);
    snprintf(text, WORDS_DAY_SIZE, "%.40s", utc != NULL ? utc : "?");
    if (utc == NULL || !clock_parse(utc, &ms)) return;
    time_t then = (time_t)(ms / 1000);
    if (localtime_r(&then, &day) == NULL || localtime_r(&now, &today) == NULL) return;
    if (day.tm_year == today.tm_year)
        snprintf(text, WORDS_DAY_SIZE, C_("day", "%d %s"), day.tm_mday, _(MONTHS[day.tm_mon]));
    else
        snprintf(text, WORDS_DAY_SIZE, C_("day", "%d %s %d"), day.tm_mday, _(MONTHS[day.tm_mon]),
                 day.tm_year + 1900);
}
