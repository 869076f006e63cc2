/* What was typed held against the original that a conflict names, row by row. Pure. */
#ifndef INVONCE_TUI_COMPARISON_H
#define INVONCE_TUI_COMPARISON_H

#include "protocol/wire/resources/invoice.h"

#include <stdbool.h>
#include <stddef.h>

#define COMPARISON_ROWS_MAX 8
#define COMPARISON_TEXT_SIZE                                                                       \
    2048 /* a reference of 2 x 200 characters, and what is between them                            \
          */

/* Borrowed from the two invoices and from the comparison. */
struct comparison_row {
    const char *label; /* translated */
    const char *original;
    const char *typed;
};

struct comparison {
    struct comparison_row rows[COMPARISON_ROWS_MAX];
    size_t count;
    char totals[2][COMPARISON_TEXT_SIZE];
    char references[2][COMPARISON_TEXT_SIZE];
};

void comparison_make(const struct values *original, const struct values *typed,
                     struct comparison *comparison);

bool comparison_differs(const struct comparison_row *row);

#endif
