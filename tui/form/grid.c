#include "tui/form/grid.h"

#include "tui/form/facts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 8

static struct grid_row empty_row(const struct grid *grid)
{
    struct grid_row row = {0};
    for (size_t column = 0; column < grid->columns; column++)
        row.cells[column] = fact_text_field(&grid->field->columns.items[column]);
    return row;
}

static void clear_row(struct grid_row *row)
{
    for (size_t column = 0; column < RESOURCE_COLUMNS_MAX; column++)
        text_field_clear(&row->cells[column]);
}

void grid_clear(struct grid *grid)
{
    for (size_t row = 0; row < grid->count; row++) {
        clear_row(&grid->rows[row]);
    }
    free(grid->rows);
    *grid = (struct grid){0};
}

bool grid_start(struct grid *grid, const struct field *field)
{
    struct grid_row *rows = calloc(CAPACITY_FIRST, sizeof *rows);
    if (!rows) return false;
    grid_clear(grid);
    *grid = (struct grid){.field = field, .rows = rows, .capacity = CAPACITY_FIRST};
    while (field && grid->columns < field->columns.count &&
           fact_is_typed(&field->columns.items[grid->columns]))
        grid->columns++;
    assert(grid->columns <= RESOURCE_COLUMNS_MAX); /* of a row's cells */
    grid->rows[0] = empty_row(grid);
    grid->count = 1;
    return true;
}

struct text_field *grid_cell(const struct grid *grid, size_t row, size_t column)
{
    assert(row < grid->count && column < grid->columns);
    return &grid->rows[row].cells[column];
}

bool grid_row_is_blank(const struct grid *grid, size_t row)
{
    assert(row < grid->count);
    for (size_t column = 0; column < grid->columns; column++) {
        const struct text_field *cell = &grid->rows[row].cells[column];
        if (!cell->suggested && !text_field_is_blank(cell)) return false;
    }
    return true;
}

bool grid_suggest_same(struct grid *grid, size_t row)
{
    if (row == 0 || !grid_row_is_blank(grid, row)) return true;
    for (size_t column = 0; column < grid->columns; column++) {
        const struct text_field *before = grid_cell(grid, row - 1, column);
        struct text_field *cell = grid_cell(grid, row, column);
        if (grid->field->columns.items[column].start != START_SAME) continue;
        if (text_field_suggest(cell, text_field_text(before)) == TEXT_FIELD_NO_MEMORY) return false;
        cell->exact = before->exact;
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
    assert(row <= grid->count);
    if (!grid->field || grid->count >= grid->field->max || !reserve(grid)) return false;
    struct grid_row *place = &grid->rows[row];
    memmove(place + 1, place, (grid->count - row) * sizeof *place);
    *place = empty_row(grid);
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
    if (!open_row(grid, row)) return false;
    grid->column = 0;
    return true;
}

bool grid_duplicate_row(struct grid *grid, size_t row)
{
    assert(row < grid->count);
    if (!open_row(grid, row + 1)) return false;
    for (size_t column = 0; column < grid->columns; column++) {
        const struct text_field *cell = grid_cell(grid, row, column);
        struct text_field *same = grid_cell(grid, row + 1, column);
        if (text_field_set(same, text_field_text(cell)) == TEXT_FIELD_NO_MEMORY) return false;
        same->exact = cell->exact;
    }
    return true;
}

bool grid_remove_row(struct grid *grid, size_t row)
{
    assert(row < grid->count);
    clear_row(&grid->rows[row]);
    if (grid->count == 1) {
        grid->rows[0] = empty_row(grid);
        grid->column = 0;
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
