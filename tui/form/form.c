#include "tui/form/form.h"

#include "tui/form/facts.h"
#include "tui/form/next_number.h"
#include "tui/words/words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t form_button(const struct form *form)
{
    return form->resource->fields.count;
}

const struct field *form_field(const struct form *form, size_t place)
{
    return place < form_button(form) ? &form->resource->fields.items[place] : NULL;
}

bool form_is_rows(const struct form *form, size_t place)
{
    const struct field *field = form_field(form, place);
    return field && field->kind == FIELD_ROWS;
}

bool form_in_rows(const struct form *form)
{
    return form_is_rows(form, form->focus);
}

bool form_at_email(const struct form *form)
{
    const struct field *field = form_field(form, form->focus);
    return field && field->kind == FIELD_EMAIL;
}

bool form_at_row_text(const struct form *form)
{
    return form_in_rows(form) && form->grid.column == 0;
}

void form_set_completion(struct form *form, char *completion)
{
    free(form->completion);
    form->completion = completion;
}

const char *form_label(const struct form *form, size_t place)
{
    const struct field *field = form_field(form, place);
    return field ? _(field->label) : "";
}

const char *form_column_label(const struct form *form, size_t column)
{
    return _(form->grid.field->columns.items[column].label);
}

size_t form_last_required(const struct form *form)
{
    size_t last = 0;
    for (size_t column = 0; column < form->grid.columns; column++)
        if (form->grid.field->columns.items[column].presence == FIELD_REQUIRED) last = column;
    return last;
}

/* The place, on or back from that one, that the focus can be at. */
static size_t place_on(const struct form *form, size_t place)
{
    while (place < form_button(form) && !fact_is_typed(form_field(form, place)))
        place++;
    return place;
}

static size_t place_back(const struct form *form, size_t place)
{
    while (place > 0 && !fact_is_typed(form_field(form, place)))
        place--;
    return place;
}

/* The first field with that suggestion; the button: there is none. */
static size_t place_starting(const struct form *form, enum field_start start)
{
    size_t place = 0;
    while (place < form_button(form) && form_field(form, place)->start != start)
        place++;
    return place;
}

static void clear_words(struct form *form)
{
    free(form->message);
    free(form->completion);
    form->completion = form->message = NULL;
}

void form_clear(struct form *form)
{
    for (size_t i = 0; i < RESOURCE_FIELDS_MAX; i++)
        text_field_clear(&form->fields[i]);
    clear_words(form);
    grid_clear(&form->grid);
}

/* What the form before had there; at first the language's currency. */
static bool start_same(struct text_field *field, const char *used)
{
    if (!*used && field->kind == TEXT_FIELD_CAPITALS) used = words_currency();
    return text_field_suggest(field, used) != TEXT_FIELD_NO_MEMORY;
}

static bool start_field(struct form *form, size_t place)
{
    const struct field *field = form_field(form, place);
    struct text_field before = form->fields[place], *fresh = &form->fields[place];
    bool done = true;
    *fresh = fact_text_field(field);
    if (field->start == START_SAME) done = start_same(fresh, text_field_text(&before));
    if (field->start == START_TODAY)
        done = text_field_suggest(fresh, form->today) != TEXT_FIELD_NO_MEMORY;
    text_field_clear(&before);
    return done;
}

bool form_start(struct form *form, const struct resource *resource, const char *today)
{
    bool done = true;
    form->resource = resource;
    form_set_today(form, today);
    clear_words(form);
    form->dated = false;
    form_count_days(form, "");
    for (size_t i = 0; i < form_button(form); i++)
        done = start_field(form, i) && done;
    form_focus_first(form);
    return grid_start(&form->grid, resource_rows(resource)) && done;
}

void form_count_days(struct form *form, const char *days)
{
    snprintf(form->counted, sizeof form->counted, "%s", days);
    form->counted_day[0] = '\0';
}

void form_set_today(struct form *form, const char *today)
{
    snprintf(form->today, sizeof form->today, "%s", today);
}

bool form_follow_day(struct form *form, const char *today)
{
    size_t place = place_starting(form, START_TODAY);
    form_set_today(form, today);
    if (place == form_button(form) || form->dated) return false;
    struct text_field *date = &form->fields[place];
    bool fresh = date->fresh, suggested = date->suggested;
    if (strcmp(text_field_text(date), today) == 0) return false;
    if (text_field_suggest(date, today) != TEXT_FIELD_OK) return false;
    date->fresh = fresh;
    date->suggested = suggested;
    return true;
}

bool form_suggest_number(struct form *form, const char *last)
{
    size_t place = place_starting(form, START_NEXT);
    if (place == form_button(form)) return true;
    struct text_field *field = &form->fields[place];
    char *number = next_number(last, field->characters_max);
    bool done = !number || text_field_suggest(field, number) != TEXT_FIELD_NO_MEMORY;
    free(number);
    return done;
}

struct text_field *form_focused(struct form *form)
{
    assert(form->focus <= form_button(form));
    if (form->focus == form_button(form)) return NULL;
    if (form_in_rows(form)) return grid_cell(&form->grid, form->grid.row, form->grid.column);
    return &form->fields[form->focus];
}

static const char *text_or_absent(const struct text_field *field)
{
    return field->length > 0 ? field->text : NULL;
}

void form_read(const struct form *form, struct form_values *read)
{
    struct values *values = &read->values;
    assert(form->grid.count <= RESOURCE_ROWS_MAX); /* there is a line for each */
    *values = (struct values){.rows = read->lines};
    for (size_t i = 0; i < form_button(form); i++)
        values->texts[i] = text_or_absent(&form->fields[i]);
    for (size_t row = 0; row < form->grid.count; row++) {
        if (grid_row_is_blank(&form->grid, row)) continue;
        struct values_row *line = &read->lines[values->row_count];
        *line = (struct values_row){0};
        for (size_t column = 0; column < form->grid.columns; column++)
            line->texts[column] = text_or_absent(grid_cell(&form->grid, row, column));
        read->rows[values->row_count++] = row;
    }
}

bool form_is_blank(const struct form *form)
{
    for (size_t i = 0; i < form_button(form); i++) {
        const struct field *field = form_field(form, i);
        bool suggested =
            form->fields[i].fresh || field->start == START_TODAY || field->start == START_SAME;
        if (!field->hidden && form->fields[i].length > 0 && !suggested) return false;
    }
    for (size_t row = 0; row < form->grid.count; row++)
        if (!grid_row_is_blank(&form->grid, row)) return false;
    return true;
}

struct json *form_to_json(const struct form *form)
{
    struct form_values read;
    form_read(form, &read);
    return resource_request(form->resource, &read.values);
}

/* What is typed into a short field that has just been reached takes the place of what is there. */
static void arrive(struct form *form)
{
    const struct field *field = form_field(form, form->focus);
    if (field && (field->kind == FIELD_DATE || field->kind == FIELD_CURRENCY))
        text_field_offer(&form->fields[form->focus]);
}

void form_focus(struct form *form, size_t place)
{
    assert(place <= form_button(form));
    form->focus = place;
}

void form_focus_first(struct form *form)
{
    form->focus = place_on(form, 0);
}

void form_focus_name(struct form *form)
{
    form->focus = fact_of_name(form->resource);
    text_field_end(&form->fields[form->focus]);
}

struct form_spot form_spot(const struct form *form)
{
    if (!form_in_rows(form)) return (struct form_spot){.place = form->focus};
    return (struct form_spot){form->focus, form->grid.row, form->grid.column};
}

/* The row that the focus is in is new. */
static void propose(struct form *form)
{
    if (form->proposes) grid_suggest_same(&form->grid, form->grid.row);
}

/* False: it is past its last row, an empty one behind others. */
static bool next_in_grid(struct grid *grid)
{
    bool is_last = grid->row > 0 && grid->row + 1 == grid->count;
    if (grid->column == 0 && is_last && grid_row_is_blank(grid, grid->row)) return false;
    if (grid->column + 1 < grid->columns) {
        grid->column++;
        return true;
    }
    if (grid->row + 1 == grid->count)
        return !grid_row_is_blank(grid, grid->row) && grid_insert_row(grid, grid->row);
    grid->row++;
    grid->column = 0;
    return true;
}

void form_leave_lines(struct form *form)
{
    form->focus = place_on(form, form->focus + 1);
}

void form_next(struct form *form)
{
    size_t rows = form->grid.count;
    bool in_grid = form_in_rows(form) && next_in_grid(&form->grid);
    if (form->grid.count > rows) propose(form);
    if (in_grid) return;
    bool past = form->focus == form_button(form);
    form->focus = place_on(form, past ? 0 : form->focus + 1);
    if (form_in_rows(form)) form->grid.row = form->grid.column = 0;
    arrive(form);
}

/* False: it is in its first cell. */
static bool previous_in_grid(struct grid *grid)
{
    if (grid->column > 0) {
        grid->column--;
        return true;
    }
    if (grid->row == 0) return false;
    grid->row--;
    grid->column = grid->columns - 1;
    return true;
}

void form_previous(struct form *form)
{
    if (form_in_rows(form) && previous_in_grid(&form->grid)) return;
    bool first = form->focus == place_on(form, 0);
    form->focus = first ? form_button(form) : place_back(form, form->focus - 1);
    if (form_in_rows(form)) {
        form->grid.row = form->grid.count - 1;
        form->grid.column = form->grid.columns - 1;
    }
    arrive(form);
}

void form_up(struct form *form, size_t rows)
{
    struct grid *grid = &form->grid;
    if (form_in_rows(form) && grid->row > 0) {
        grid->row -= rows < grid->row ? rows : grid->row;
    } else if (form->focus > place_on(form, 0)) {
        form->focus = place_back(form, form->focus - 1);
        if (form_in_rows(form)) grid->row = grid->count - 1;
        arrive(form);
    }
}

void form_down(struct form *form, size_t rows)
{
    struct grid *grid = &form->grid;
    size_t below = grid->count - 1 - grid->row;
    if (form_in_rows(form) && below > 0) {
        grid->row += rows < below ? rows : below;
    } else if (form->focus < form_button(form)) {
        form->focus = place_on(form, form->focus + 1);
        if (form_in_rows(form)) grid->row = 0;
        arrive(form);
    }
}

bool form_new_line(struct form *form)
{
    struct grid *grid = &form->grid;
    bool from_outside = !form_in_rows(form);
    size_t row = from_outside ? grid->count - 1 : grid->row;
    size_t rows = fact_of_kind(form->resource, FIELD_ROWS);
    if (rows == form_button(form)) return false;
    form->focus = rows;
    if (from_outside && grid_row_is_blank(grid, row)) {
        grid->row = row;
        grid->column = 0;
        return true;
    }
    bool done = grid_insert_row(grid, row);
    if (done) propose(form);
    return done;
}

bool form_insert_line(struct form *form)
{
    bool done = form_in_rows(form) && grid_insert_before(&form->grid, form->grid.row);
    if (done) propose(form);
    return done;
}

bool form_duplicate_line(struct form *form)
{
    return form_in_rows(form) && grid_duplicate_row(&form->grid, form->grid.row);
}

bool form_delete_line(struct form *form)
{
    return form_in_rows(form) && grid_remove_row(&form->grid, form->grid.row);
}

void form_set_message(struct form *form, const char *message)
{
    free(form->message);
    form->message = message && *message ? strdup(message) : NULL;
}

void form_changed(struct form *form)
{
    const struct field *field = form_field(form, form->focus);
    form_set_message(form, NULL);
    if (field && field->start == START_TODAY) form->dated = true;
}
