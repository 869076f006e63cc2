/* Calendar dates, proleptic Gregorian, as RFC 3339 full-date ("2026-11-22"). */
#ifndef INVONCE_WIRE_DATE_H
#define INVONCE_WIRE_DATE_H

#include <stdbool.h>

#define DATE_TEXT_SIZE 11 /* "YYYY-MM-DD" and its NUL */

struct date {
    int year; /* 1 to 9999 */
    int month;
    int day;
};

/* True when all of `text` is a real day; fills *out. */
bool date_parse(const char *text, struct date *out);

/* 0 is Sunday, as in struct tm. */
int date_weekday(struct date date);

/* The day `days` later (or earlier); false when it leaves the years 1 to 9999. */
bool date_add_days(struct date date, int days, struct date *out);

/* How many days `to` is later than `from`. */
int date_days_between(struct date from, struct date to);

void date_format(struct date date, char text[DATE_TEXT_SIZE]);

#endif
