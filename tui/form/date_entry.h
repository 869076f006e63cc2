/* Dates as fingers type them: "t", "+30", "12/24", or the date itself. Pure. */
#ifndef INVONCE_TUI_DATE_ENTRY_H
#define INVONCE_TUI_DATE_ENTRY_H

#include "protocol/wire/date.h"

#include <stdbool.h>

/* What the typed days are counted from, and on which side of it a month and a day lie. */
struct date_base {
    const char *today; /* YYYY-MM-DD */
    const char *from;  /* of "+30"; a text that is no date counts as today */
    bool later;        /* "12/24" is the first one not before `from`, else the one nearest to it */
};

/* "t" is today, "+30" and "-1" are counted in days from base->from, "12/24" is a month and a day.
 * A whole date is itself. False for anything else, and for days that there aren't. */
bool date_entry_read(const char *typed, const struct date_base *base, struct date *date);

#endif
