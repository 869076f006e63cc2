#include "tui/form/moment.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void day_of(const struct tm *local, char text[MOMENT_DAY_SIZE])
{
    if (strftime(text, MOMENT_DAY_SIZE, "%Y-%m-%d", local) == 0) text[0] = '\0';
}

void moment_today(char text[MOMENT_DAY_SIZE])
{
    time_t now = time(NULL);
    struct tm local;
    text[0] = '\0';
    if (localtime_r(&now, &local)) day_of(&local, text);
}

/* False, and the text is what was given: it doesn't read. */
static bool read_utc(const char *utc, struct tm *local, char text[MOMENT_SIZE])
{
    struct tm parts = {0};
    snprintf(text, MOMENT_SIZE, "%s", utc ? utc : "");
    if (!utc || !strptime(utc, "%Y-%m-%dT%H:%M:%S", &parts)) return false;
    time_t seconds = timegm(&parts);
    return localtime_r(&seconds, local) != NULL;
}

void moment_whole(const char *utc, char text[MOMENT_SIZE])
{
    struct tm local;
    if (read_utc(utc, &local, text)) strftime(text, MOMENT_SIZE, "%Y-%m-%d %H:%M:%S", &local);
}

void moment_local(const char *utc, char text[MOMENT_SIZE])
{
    struct tm local;
    if (!read_utc(utc, &local, text)) return;
    char day[MOMENT_DAY_SIZE];
    char today[MOMENT_DAY_SIZE];
    day_of(&local, day);
    moment_today(today);
    strftime(text, MOMENT_SIZE, strcmp(day, today) == 0 ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &local);
}
