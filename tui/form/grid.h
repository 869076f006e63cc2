/* The rows of a record as they are typed: rows of text fields, and which of them has the focus.
 * No screen in it. */
#ifndef INVONCE_TUI_GRID_H
#define INVONCE_TUI_GRID_H

#include "protocol/wire/resource.h"
#include "tui/terminal/text_field.h"

#include <stdbool.h>
#include <stddef.h>

struct grid_row {
    struct text_field cells[RESOURCE_COLUMNS_MAX];
};

/* Always has one row at least, but before grid_start. */
struct grid {
    const struct field *field; /* the list; NULL: there is none, and no cell */
    size_t columns;            /* that are typed */
    struct grid_row *rows;
    size_t count;
    size_t capacity;
    size_t row, column; /* of the focus */
    size_t first;       /* the first row in the window */
};

/* One empty row, whatever was there. False: out of memory, nothing changed. */
bool grid_start(struct grid *grid, const struct field *field);
void grid_clear(struct grid *grid); /* frees; it has no row then */

struct text_field *grid_cell(const struct grid *grid, size_t row, size_t column);
bool grid_row_is_blank(const struct grid *grid, size_t row); /* what is suggested is nothing */
/* Suggests in an empty row what is the same as in the row before. False: out of memory. */
bool grid_suggest_same(struct grid *grid, size_t row);

/* Puts an empty row behind row `row`, and the focus on its first cell. False when there are as many
 * as the list takes, or out of memory. */
bool grid_insert_row(struct grid *grid, size_t row);

/* The same before row `row`. */
bool grid_insert_before(struct grid *grid, size_t row);

/* Puts the same texts once more behind row `row`; the focus goes there, and keeps its column. */
bool grid_duplicate_row(struct grid *grid, size_t row);

/* Takes the row out; the last one becomes an empty one. */
bool grid_remove_row(struct grid *grid, size_t row);

/* So many rows (1 at least): the last ones go, or empty ones come behind. False: out of memory. */
bool grid_set_count(struct grid *grid, size_t count);

/* Scrolls the least that brings the focus into a window of `rows` rows. */
void grid_scroll(struct grid *grid, size_t rows);

#endif
