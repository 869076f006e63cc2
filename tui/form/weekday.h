/* The short names of the days of the week. */
#ifndef INVONCE_TUI_WEEKDAY_H
#define INVONCE_TUI_WEEKDAY_H

#include "protocol/wire/date.h"

const char *weekday_name(struct date date); /* translated: "Sun" */

#endif
