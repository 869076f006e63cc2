#include "tui/form/date_entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_DIGITS_MAX 5 /* of "+30": two centuries and more */

static int digits_at(const char *text)
{
    return (int)strspn(text, "0123456789");
}

static bool read_offset(const char *typed, struct date from, struct date *date)
{
    if (typed[0] != '+' && typed[0] != '-') return false;
    int digits = digits_at(typed + 1);
    if (digits < 1 || digits > DAYS_DIGITS_MAX) return false;
    if (typed[1 + digits] != '\0') return false;
    int days = (int)strtol(typed + 1, NULL, 10);
    return date_add_days(from, typed[0] == '-' ? -days : days, date);
}

static bool is_before(struct date a, struct date b)
{
    if (a.year != b.year) return a.year < b.year;
    return a.month != b.month ? a.month < b.month : a.day < b.day;
}

static bool day_in_year(int year, int month, int day, struct date *date)
{
    char text[DATE_TEXT_SIZE + 8];
    snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
    return date_parse(text, date);
}

/* Half a year and more away means that the year's end lies between. */
static int nearest_year(int month, struct date from)
{
    int months = month - from.month;
    return from.year + (months > 6 ? -1 : months < -6 ? 1 : 0);
}

static bool read_month_and_day(const char *typed, const struct date_base *base, struct date from,
                               struct date *date)
{
    int month_digits = digits_at(typed);
    if (month_digits < 1 || month_digits > 2 || typed[month_digits] != '/') return false;
    const char *rest = typed + month_digits + 1;
    int day_digits = digits_at(rest);
    if (day_digits < 1 || day_digits > 2 || rest[day_digits] != '\0') return false;
    int month = (int)strtol(typed, NULL, 10);
    int day = (int)strtol(rest, NULL, 10);
    int year = base->later ? from.year : nearest_year(month, from);
    bool is_day = day_in_year(year, month, day, date);
    if (base->later && (!is_day || is_before(*date, from)))
        return day_in_year(year + 1, month, day, date);
    return is_day;
}

bool date_entry_read(const char *typed, const struct date_base *base, struct date *date)
{
    struct date today;
    struct date from;
    if (date_parse(typed, date)) return true;
    if (!date_parse(base->today, &today)) return false;
    if (!base->from || !date_parse(base->from, &from)) from = today;
    if (strcmp(typed, "t") == 0 || strcmp(typed, "T") == 0) {
        *date = today;
        return true;
    }
    return read_offset(typed, from, date) || read_month_and_day(typed, base, from, date);
}
