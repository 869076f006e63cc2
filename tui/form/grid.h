/* The lines of an invoice as they are typed: rows of text fields, and which of them has the focus.
 * No screen in it. */
#ifndef INVONCE_TUI_GRID_H
#define INVONCE_TUI_GRID_H

#include "tui/terminal/text_field.h"

#include <stdbool.h>
#include <stddef.h>

enum grid_column { GRID_DESCRIPTION, GRID_QUANTITY, GRID_UNIT_PRICE, GRID_TAX_RATE, GRID_COLUMNS };

struct grid_row {
    struct text_field cells[GRID_COLUMNS];
};

/* Always has one row at least, but before grid_start. */
struct grid {
    struct grid_row *rows;
    size_t count;
    size_t capacity;
    size_t row; /* of the focus */
    enum grid_column column;
    size_t first; /* the first row in the window */
};

/* One empty row, whatever was there. False: out of memory, nothing changed. */
bool grid_start(struct grid *grid);
void grid_clear(struct grid *grid); /* frees; it has no row then */

struct text_field *grid_cell(const struct grid *grid, size_t row, enum grid_column column);
bool grid_row_is_blank(const struct grid *grid, size_t row);

/* Puts an empty row behind row `row`, and the focus on its description. False when there are
 * INVOICE_LINES_MAX rows, or out of memory. */
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
