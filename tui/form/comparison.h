/* What was typed held against the original that a conflict names, row by row. Pure. */
#ifndef INVONCE_TUI_COMPARISON_H
#define INVONCE_TUI_COMPARISON_H

#include "protocol/wire/resource.h"

#include <stdbool.h>
#include <stddef.h>

#define COMPARISON_ROWS_MAX (RESOURCE_FIELDS_MAX + 1)
#define COMPARISON_SUM_SIZE 128

/* Borrowed from what is compared and from the comparison. */
struct comparison_row {
    const char *label; /* translated */
    const char *original;
    const char *typed;
};

struct comparison {
    struct comparison_row rows[COMPARISON_ROWS_MAX];
    size_t count;
    char sums[2][COMPARISON_SUM_SIZE];
    char *hidden[2];
};

/* To be cleared. */
void comparison_make(const struct resource *resource, const struct values *original,
                     const struct values *typed, struct comparison *comparison);
void comparison_clear(struct comparison *comparison);

bool comparison_differs(const struct comparison_row *row);

#endif
