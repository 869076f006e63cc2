#include "tui/form/moment.h"

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

void moment_local(const char *utc, char text[MOMENT_SIZE])
{
    struct tm parts = {0};
    struct tm local;
    snprintf(text, MOMENT_SIZE, "%s", utc ? utc : "");
    if (!utc || !strptime(utc, "%Y-%m-%dT%H:%M:%S", &parts)) return;
    time_t seconds = timegm(&parts);
    if (!localtime_r(&seconds, &local)) return;
    char day[MOMENT_DAY_SIZE];
    char today[MOMENT_DAY_SIZE];
    day_of(&local, day);
    moment_today(today);
    strftime(text, MOMENT_SIZE, strcmp(day, today) == 0 ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &local);
}
