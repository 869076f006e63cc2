#include "protocol/wire/date.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#define YEAR_MAX     9999
#define DAYS_OF_YEAR 365

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    assert(month >= 1 && month <= 12);
    return month == 2 && is_leap(year) ? 29 : DAYS[month - 1];
}

static bool read_digits(const char *text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

bool date_parse(const char *text, struct date *out)
{
    struct date date;
    if (!read_digits(text, 4, &date.year) || text[4] != '-' ||
        !read_digits(text + 5, 2, &date.month) || text[7] != '-' ||
        !read_digits(text + 8, 2, &date.day) || text[10] != '\0')
        return false;
    if (date.year < 1 || date.month < 1 || date.month > 12) return false;
    if (date.day < 1 || date.day > month_days(date.year, date.month)) return false;
    *out = date;
    return true;
}

/* Days before 1 January of `year`, counted from 1 January of year 1. */
static int64_t days_before_year(int64_t year)
{
    int64_t past = year - 1;
    return past * DAYS_OF_YEAR + past / 4 - past / 100 + past / 400;
}

/* 1 January of year 1 is day 0, a Monday. */
static int64_t day_number(struct date date)
{
    int64_t days = days_before_year(date.year) + date.day - 1;
    for (int month = 1; month < date.month; month++)
        days += month_days(date.year, month);
    return days;
}

int date_weekday(struct date date)
{
    return (int)((day_number(date) + 1) % 7);
}

bool date_add_days(struct date date, int days, struct date *out)
{
    int64_t number = day_number(date) + days;
    if (number < 0 || number >= days_before_year(YEAR_MAX + 1)) return false;
    /* A year has at least 365 days, so this guess is never too early, and a few years too late. */
    struct date later = {.year = (int)(number / DAYS_OF_YEAR) + 1, .month = 1};
    while (days_before_year(later.year) > number)
        later.year--;
    int rest = (int)(number - days_before_year(later.year));
    while (rest >= month_days(later.year, later.month))
        rest -= month_days(later.year, later.month++);
    later.day = rest + 1;
    *out = later;
    return true;
}

int date_days_between(struct date from, struct date to)
{
    return (int)(day_number(to) - day_number(from));
}

void date_format(struct date date, char text[DATE_TEXT_SIZE])
{
    snprintf(text, DATE_TEXT_SIZE, "%04d-%02d-%02d", date.year, date.month, date.day);
}
