/* Dates as fingers type them and other programs write them: "t", "+30", "12/24", "31.12.2026",
 * "20261231", or the date itself. What can be read in two ways isn't guessed. Pure. */
#ifndef INVONCE_TUI_DATE_ENTRY_H
#define INVONCE_TUI_DATE_ENTRY_H

#include "protocol/wire/date.h"

#include <stdbool.h>
#include <stddef.h>

/* What the typed days are counted from, on which side of it a month and a day lie, and what the
 * language says of their order. */
struct date_base {
    const char *today; /* YYYY-MM-DD */
    const char *from;  /* of "+30"; a text that is no date counts as today */
    bool later;        /* "12/24" is the first one not before `from`, else the one nearest to it */
    bool day_first;    /* "24/12" is what it is written as */
};

/* The days that it may be: "t" is today, "+30" and "-1" are counted in days from base->from,
 * "12/24" (24/12 where the day is first) and "24.12." are a month and a day, and those with a year
 * are in the order of the separators: a year first, a day first between points; else, where the
 * language doesn't say, either. 0: none; 2: either of these, if not another one too. */
size_t date_entry_readings(const char *typed, const struct date_base *base,
                           struct date readings[2]);

/* False: none, or more than one. */
bool date_entry_read(const char *typed, const struct date_base *base, struct date *date);

/* "+30": counted from another day, it is another day. */
bool date_entry_counts(const char *typed);

#endif
