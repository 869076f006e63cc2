#include "tui/form/form_state.h"

#include "tui/terminal/text_clusters.h"

#include <stdlib.h>
#include <string.h>

/* NUL-terminated texts: the fields, the reference, and the lines' cells, row by row. */

#define DATED (1u << FORM_PLACES) /* the other marks are the fields that are fresh */

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

typedef void text_function(const char *text, size_t size, void *context);

static void each_text(const struct form *form, text_function *function, void *context)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        const struct text_field *field = &form->fields[place];
        function(text_field_text(field), field->length + 1, context);
    }
    const char *source = or_empty(form->external_source), *id = or_empty(form->external_id);
    function(source, strlen(source) + 1, context);
    function(id, strlen(id) + 1, context);
    for (size_t row = 0; row < form->grid.count; row++) {
        for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
            const struct text_field *cell = grid_cell(&form->grid, row, column);
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
    struct history_spot spot = {.place = form->focus};
    const struct text_field *field = form_focused(form);
    if (field) spot.cursor = field->cursor;
    if (form->focus == FORM_LINES) {
        spot.row = form->grid.row;
        spot.column = form->grid.column;
    }
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
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

static bool put_reference(char **member, const char *text)
{
    free(*member);
    *member = *text ? strdup(text) : NULL;
    return *member || !*text;
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
    if (!grid_set_count(&form->grid, count_texts(at, end) / GRID_COLUMNS)) return false;
    for (size_t row = 0; row < form->grid.count; row++) {
        for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
            if (!put(grid_cell(&form->grid, row, column), next(&at))) return false;
        }
    }
    return true;
}

static void stand(struct form *form, const struct history_spot *spot)
{
    form->focus = (enum form_place)spot->place;
    if (form->focus == FORM_LINES) {
        form->grid.row = spot->row < form->grid.count ? spot->row : form->grid.count - 1;
        form->grid.column = (enum grid_column)spot->column;
    }
    for (enum form_place place = 0; place <= FORM_NOTES; place++)
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
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (!put(&form->fields[place], next(&at))) return false;
    }
    if (!put_reference(&form->external_source, next(&at)) ||
        !put_reference(&form->external_id, next(&at)) || !put_lines(form, at, end))
        return false;
    stand(form, spot);
    return true;
}
