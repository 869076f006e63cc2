#include "tui/form/descriptions.h"

#include "protocol/wire/json.h"
#include "tui/form/facts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct field *column_of(const struct form *form, size_t column)
{
    return &form->grid.field->columns.items[column];
}

/* The row that goes on as the text that has the focus begins; NULL: none. */
static const struct habit *row_for(struct habits *habits, struct form *form)
{
    if (!form_at_row_text(form)) return NULL;
    const struct text_field *field = form_focused(form);
    return field->cursor == field->length
               ? habits_row(habits, text_field_text(field), form_currency(form))
               : NULL;
}

bool descriptions_follow(struct habits *habits, struct form *form)
{
    const struct habit *habit = row_for(habits, form);
    char *completion = NULL;
    if (!habit) return true;
    const char *typed = form_text(form), *whole = json_text(habit->of, column_of(form, 0)->name);
    size_t length = strlen(typed);
    bool goes_on = strncasecmp(whole, typed, length) == 0;
    if (asprintf(&completion, "%s%s", goes_on ? "" : "  ", goes_on ? whole + length : whole) < 0)
        return false;
    form_set_completion(form, completion);
    return true;
}

bool descriptions_complete(struct habits *habits, struct form *form)
{
    const struct habit *habit = row_for(habits, form);
    struct grid *grid = &form->grid;
    if (!habit) return false;
    const struct json *row = habit->of;
    bool in_currency = strcmp(habit->currency, form_currency(form)) == 0;
    bool done = text_field_set(form_focused(form), json_text(row, column_of(form, 0)->name)) ==
                TEXT_FIELD_OK;
    for (size_t column = 1; column < grid->columns; column++) {
        const char *text = json_text(row, column_of(form, column)->name);
        struct text_field *cell = grid_cell(grid, grid->row, column);
        bool is_free = cell->length == 0 || cell->suggested;
        if (!text || !is_free || !column_of(form, column)->recalled) continue;
        if (!in_currency && column_of(form, column)->range != RANGE_PERCENT) continue;
        done = text_field_suggest(cell, text) == TEXT_FIELD_OK && done;
        cell->exact = true;
    }
    return done;
}
