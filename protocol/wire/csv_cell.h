/* Cells of CSV (RFC 4180), and how they are read and written. */
#ifndef INVONCE_WIRE_CSV_CELL_H
#define INVONCE_WIRE_CSV_CELL_H

#include "protocol/wire/buffer.h"

#include <stdbool.h>
#include <stddef.h>

struct csv_form {
    char delimiter;     /* 0, in reading: what the header has most of, comma, semicolon or tab */
    bool decimal_comma; /* "1.234,50" is 1234.50 */
    bool forgets_rows;  /* in reading: what a record was made from isn't kept as text */
};

/* What every record has, beside its fields. */
#define CSV_OTHER_COUNT 6
extern const char *const CSV_OTHER_MEMBERS[CSV_OTHER_COUNT];

/* Appends a cell, quoted. */
void csv_put_cell(struct buffer *text, const char *cell, size_t length);

/* The same of a record's text: a decimal gets its comma; what a spreadsheet would run as a formula
 * (it begins with = + - @, full-width or not, a tab or a line's end, and is no decimal) gets a ' in
 * front, and so does what looks as if it had one. */
void csv_put_value(struct buffer *text, const char *value, bool decimal_comma);

/* A cell without such a '; borrowed from it. */
const char *csv_unmarked(const char *cell);

/* "1.234,50" as "1234.50", which is no longer; false: it can't be told what it is. */
bool csv_with_point(const char *typed, char *text);

#endif
