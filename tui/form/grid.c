#include "tui/form/grid.h"

#include "protocol/wire/resources/invoice.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define AMOUNT_CHARACTERS_MAX                                                                      \
    32 /* more than any amount that is valid, so that errors can be seen */
#define CAPACITY_FIRST 8

static struct grid_row empty_row(void)
{
    struct grid_row row = {0};
    for (int column = 0; column < GRID_COLUMNS; column++) {
        row.cells[column].kind = TEXT_FIELD_CODE;
        row.cells[column].characters_max = AMOUNT_CHARACTERS_MAX;
    }
    row.cells[GRID_DESCRIPTION].kind = TEXT_FIELD_WORDS;
    row.cells[GRID_DESCRIPTION].characters_max = INVOICE_TEXT_MAX;
    return row;
}

static void clear_row(struct grid_row *row)
{
    for (int column = 0; column < GRID_COLUMNS; column++) {
        text_field_clear(&row->cells[column]);
    }
}

void grid_clear(struct grid *grid)
{
    for (size_t row = 0; row < grid->count; row++) {
        clear_row(&grid->rows[row]);
    }
    free(grid->rows);
    *grid = (struct grid){0};
}

bool grid_start(struct grid *grid)
{
    struct grid_row *rows = calloc(CAPACITY_FIRST, sizeof *rows);
    if (!rows) return false;
    grid_clear(grid);
    grid->rows = rows;
    grid->capacity = CAPACITY_FIRST;
    grid->rows[0] = empty_row();
    grid->count = 1;
    return true;
}

struct text_field *grid_cell(const struct grid *grid, size_t row, enum grid_column column)
{
    assert(row < grid->count && column < GRID_COLUMNS);
    return &grid->rows[row].cells[column];
}

bool grid_row_is_blank(const struct grid *grid, size_t row)
{
    for (int column = 0; column < GRID_COLUMNS; column++) {
        if (!text_field_is_blank(&grid->rows[row].cells[column])) return false;
    }
    return true;
}

static bool reserve(struct grid *grid)
{
    if (grid->count < grid->capacity) return true;
    struct grid_row *rows = reallocarray(grid->rows, grid->capacity * 2, sizeof *rows);
    if (!rows) return false;
    grid->rows = rows;
    grid->capacity *= 2;
    return true;
}

/* An empty row that becomes row `row`. */
static bool open_row(struct grid *grid, size_t row)
{
    if (grid->count >= INVOICE_LINES_MAX || !reserve(grid)) return false;
    struct grid_row *place = &grid->rows[row];
    memmove(place + 1, place, (grid->count - row) * sizeof *place);
    *place = empty_row();
    grid->count++;
    grid->row = row;
    return true;
}

bool grid_insert_row(struct grid *grid, size_t row)
{
    assert(row < grid->count);
    return grid_insert_before(grid, row + 1);
}

bool grid_insert_before(struct grid *grid, size_t row)
{
    assert(row <= grid->count);
    if (!open_row(grid, row)) return false;
    grid->column = GRID_DESCRIPTION;
    return true;
}

bool grid_duplicate_row(struct grid *grid, size_t row)
{
    assert(row < grid->count);
    if (!open_row(grid, row + 1)) return false;
    for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
        const char *text = text_field_text(grid_cell(grid, row, column));
        if (text_field_set(grid_cell(grid, row + 1, column), text) == TEXT_FIELD_NO_MEMORY)
            return false;
    }
    return true;
}

bool grid_remove_row(struct grid *grid, size_t row)
{
    assert(row < grid->count);
    clear_row(&grid->rows[row]);
    if (grid->count == 1) {
        grid->rows[0] = empty_row();
        grid->column = GRID_DESCRIPTION;
        return true;
    }
    struct grid_row *place = &grid->rows[row];
    memmove(place, place + 1, (grid->count - row - 1) * sizeof *place);
    grid->count--;
    if (grid->row >= grid->count) grid->row = grid->count - 1;
    return true;
}

bool grid_set_count(struct grid *grid, size_t count)
{
    while (grid->count > count && grid->count > 1)
        clear_row(&grid->rows[--grid->count]);
    while (grid->count < count)
        if (!open_row(grid, grid->count)) return false;
    if (grid->row >= grid->count) grid->row = grid->count - 1;
    return true;
}

void grid_scroll(struct grid *grid, size_t rows)
{
    if (rows == 0) return;
    if (grid->row < grid->first) grid->first = grid->row;
    if (grid->row >= grid->first + rows) grid->first = grid->row - rows + 1;
    size_t last_first = grid->count > rows ? grid->count - rows : 0;
    if (grid->first > last_first) grid->first = last_first;
}
