#include "tui/form/form_state.h"

#include "tui/terminal/text_clusters.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NUL-terminated texts: the fields, the days counted from one date to another, and the rows' cells,
 * row by row, what is suggested behind a mark that no text has. */

#define DATED (1u << RESOURCE_FIELDS_MAX) /* the other marks are the fields that are fresh */
static_assert(RESOURCE_FIELDS_MAX < 32, "a mark for each field, and one more");

#define SUGGESTED "\001"

typedef void text_function(const char *text, size_t size, void *context);

static void each_text(const struct form *form, text_function *function, void *context)
{
    for (size_t place = 0; place < form_button(form); place++) {
        const struct text_field *field = &form->fields[place];
        function(text_field_text(field), field->length + 1, context);
    }
    function(form->counted, strlen(form->counted) + 1, context);
    function(form->counted_day, strlen(form->counted_day) + 1, context);
    for (size_t row = 0; row < form->grid.count; row++) {
        for (size_t column = 0; column < form->grid.columns; column++) {
            const struct text_field *cell = grid_cell(&form->grid, row, column);
            if (cell->suggested) function(SUGGESTED, strlen(SUGGESTED), context);
            function(text_field_text(cell), cell->length + 1, context);
        }
    }
}

static void measure(const char *text, size_t size, void *context)
{
    size_t *length = context;
    (void)text;
    *length += size;
}

static void append(const char *text, size_t size, void *context)
{
    char **end = context;
    *end = mempcpy(*end, text, size);
}

static struct history_spot spot_of(struct form *form)
{
    const struct form_spot at = form_spot(form);
    struct history_spot spot = {.place = at.place, .row = at.row, .column = at.column};
    const struct text_field *field = form_focused(form);
    if (field) spot.cursor = field->cursor;
    for (size_t place = 0; place < form_button(form); place++) {
        if (form->fields[place].fresh) spot.marks |= 1u << place;
    }
    if (form->dated) spot.marks |= DATED;
    return spot;
}

struct history_state form_state(struct form *form)
{
    struct history_state state = {.spot = spot_of(form)};
    each_text(form, measure, &state.length);
    state.bytes = malloc(state.length);
    char *end = state.bytes;
    if (end) each_text(form, append, &end);
    assert(!end || end == state.bytes + state.length);
    return state;
}

/* The next of the texts. */
static const char *next(const char **at)
{
    const char *text = *at;
    *at += strlen(text) + 1;
    return text;
}

static bool put(struct text_field *field, const char *text)
{
    bool same = strcmp(text_field_text(field), text) == 0;
    return same || text_field_set(field, text) != TEXT_FIELD_NO_MEMORY;
}

static bool put_cell(struct text_field *cell, const char *text)
{
    if (*text != *SUGGESTED) {
        cell->suggested = cell->fresh = false;
        return put(cell, text);
    }
    return text_field_suggest(cell, text + strlen(SUGGESTED)) != TEXT_FIELD_NO_MEMORY;
}

static size_t count_texts(const char *at, const char *end)
{
    size_t count = 0;
    while (at < end) {
        next(&at);
        count++;
    }
    return count;
}

static bool put_lines(struct form *form, const char *at, const char *end)
{
    size_t columns = form->grid.columns;
    if (columns == 0) return true;
    if (!grid_set_count(&form->grid, count_texts(at, end) / columns)) return false;
    for (size_t row = 0; row < form->grid.count; row++) {
        for (size_t column = 0; column < form->grid.columns; column++) {
            if (!put_cell(grid_cell(&form->grid, row, column), next(&at))) return false;
        }
    }
    assert(at == end); /* a state is of whole rows */
    return true;
}

static void stand(struct form *form, const struct history_spot *spot)
{
    form->focus = spot->place;
    if (form_in_rows(form)) {
        form->grid.row = spot->row < form->grid.count ? spot->row : form->grid.count - 1;
        form->grid.column = spot->column;
    }
    for (size_t place = 0; place < form_button(form); place++)
        form->fields[place].fresh = (spot->marks & 1u << place) && form->fields[place].length > 0;
    form->dated = spot->marks & DATED;
    struct text_field *field = form_focused(form);
    if (!field) return;
    field->cursor = spot->cursor < field->length ? spot->cursor : field->length;
    field->cursor = clusters_boundary_from(field->text, field->length, field->cursor);
}

bool form_return_to(struct form *form, const struct history_step *step,
                    const struct history_spot *spot)
{
    const char *at = step->bytes, *end = step->bytes + step->length;
    for (size_t place = 0; place < form_button(form); place++) {
        if (!put(&form->fields[place], next(&at))) return false;
    }
    form_count_days(form, next(&at));
    snprintf(form->counted_day, sizeof form->counted_day, "%s", next(&at));
    if (!put_lines(form, at, end)) return false;
    stand(form, spot);
    return true;
}
