/* Rows of CSV (RFC 4180) out of bytes as they come: a byte order mark is passed over, the delimiter
 * found, and each row knows its line. */
#ifndef INVONCE_WIRE_CSV_ROWS_H
#define INVONCE_WIRE_CSV_ROWS_H

#include "protocol/wire/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define CSV_COLUMNS_MAX 128
#define CSV_PROBLEM_MAX 512

struct csv_row {
    struct buffer bytes; /* its cells, one behind the other, each with a NUL */
    size_t starts[CSV_COLUMNS_MAX];
    size_t count;
    size_t line; /* where it begins, from 1 */
};

/* "" where it has fewer. */
const char *csv_row_cell(const struct csv_row *row, size_t column);

/* What keeps the cell from being a text, as a sentence; NULL: nothing. */
const char *csv_row_unreadable(const struct csv_row *row, size_t column);

/* As spreadsheets have them below what was typed. */
bool csv_row_is_blank(const struct csv_row *row);

/* Told each row in turn, empty lines aside; it may be swapped for another one, for its memory. */
typedef void csv_rows_each(void *context, struct csv_row *row);

/* Delimiter 0: what a line "sep=;" above the header names, or else what the header has most of,
 * comma, semicolon or tab. NULL: out of memory. */
struct csv_rows *csv_rows_new(char delimiter, csv_rows_each *each, void *context);
void csv_rows_free(struct csv_rows *rows);

/* Some bytes more, and their end. After a failure nothing more is told. */
void csv_rows_feed(struct csv_rows *rows, const char *bytes, size_t length);
void csv_rows_end(struct csv_rows *rows);

/* Nothing more can be made of it, for what is in the row that is being read: a static sentence, in
 * which an excerpt of `about` takes the place of %s. The first one counts. */
void csv_rows_fail(struct csv_rows *rows, const char *why, const char *about);

/* False, with "line 12: " and that sentence: it failed. */
bool csv_rows_tell(const struct csv_rows *rows, char problem[CSV_PROBLEM_MAX]);

bool csv_rows_failed(const struct csv_rows *rows);

/* Known once a row was told. */
char csv_rows_delimiter(const struct csv_rows *rows);

#endif
