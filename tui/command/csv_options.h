/* The flags that say how CSV is written: --decimal-comma and --delimiter, of all that read or write
 * it. */
#ifndef INVONCE_TUI_CSV_OPTIONS_H
#define INVONCE_TUI_CSV_OPTIONS_H

#include "protocol/wire/csv_cell.h"

#include <stdbool.h>

struct csv_options {
    bool decimal_comma;
    char delimiter; /* '\0': none was given */
};

/* Takes one at *arguments. 0, the exit code of a wrong one, or -1: it is another flag. */
int csv_options_take(struct csv_options *options, char ***arguments);

/* 0, or the exit code: they are there, and `csv` isn't asked for. */
int csv_options_check(const struct csv_options *options, bool csv);

struct csv_form csv_options_form(const struct csv_options *options);

#endif
