/* How records are written by invonce list: each as it comes. */
#ifndef INVONCE_TUI_ROWS_H
#define INVONCE_TUI_ROWS_H

#include "protocol/wire/csv_cell.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resource.h"

#include <stdbool.h>
#include <stdio.h>

enum rows_form { ROWS_TABLE, ROWS_JSON, ROWS_CSV };

struct rows {
    FILE *out;
    const struct resource *resource;
    enum rows_form form;
    struct csv_form csv;
    bool begun; /* the header stands */
};

/* The header of CSV, which stands above nothing too. False, with errno: it couldn't be written. */
bool rows_begin(struct rows *rows);
bool rows_put(struct rows *rows, const struct json *record);

#endif
