/* Shows a record: the one that was just created, or the original that a conflict names. */
#ifndef INVONCE_TUI_RECORD_H
#define INVONCE_TUI_RECORD_H

#include "protocol/wire/resource.h"

#include <stddef.h>

struct record_view {
    const struct resource *resource;
    const struct record *record;
    const char *heading;  /* "Invoice created" */
    const char *sentence; /* under it; NULL: none */
    const char *key;      /* NULL: not ours to show */
    unsigned attempts;
};

/* Paints from line `*first` on, which is brought back to what there is. */
void record_paint(const struct record_view *view, size_t *first);

/* Says into which record it is merged, where it is. How many rows that takes. */
int record_paint_merged(const struct record *record, int y);

#endif
