/* A form that is filled from another record, to become one of its own. */
#include "tui/form/facts.h"
#include "tui/form/form.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAYS_SIZE 16

/* What is the same in the new one: not its name, its days, nor what another rule lets only one
 * have. */
static bool is_the_same(const struct field *field)
{
    return fact_is_typed(field) && field->kind != FIELD_ROWS && field->kind != FIELD_DATE &&
           field->start != START_NEXT;
}

static size_t place_named(const struct form *form, const char *name)
{
    size_t place = 0;
    while (place < form_button(form) && strcmp(form_field(form, place)->name, name) != 0)
        place++;
    return place;
}

/* As many days behind the first one as it was. */
static bool count_days(struct form *form, const struct values *record)
{
    for (size_t place = 0; place < form_button(form); place++) {
        const char *first = form_field(form, place)->not_before;
        size_t from = first ? place_named(form, first) : form_button(form);
        struct date one, other;
        char days[DAYS_SIZE];
        if (from == form_button(form) || !date_parse(fact_text(record->texts[from]), &one) ||
            !date_parse(fact_text(record->texts[place]), &other))
            continue;
        snprintf(days, sizeof days, "%+d", date_days_between(one, other));
        if (text_field_set(&form->fields[place], days) == TEXT_FIELD_NO_MEMORY) return false;
    }
    form_write_out(form);
    return true;
}

/* --- a credit note --- */

static const struct field *column_of(const struct form *form, size_t column)
{
    return &form->grid.field->columns.items[column];
}

bool form_has_credit(const struct form *form)
{
    for (size_t column = 0; column < form->grid.columns; column++)
        if (column_of(form, column)->negated) return true;
    return false;
}

/* "-1.5" of "1.5", and the other way round. */
static bool negate(struct text_field *cell)
{
    const char *text = text_field_text(cell);
    char *other = NULL;
    int length = *text == '-' ? asprintf(&other, "%s", text + 1) : asprintf(&other, "-%s", text);
    bool done = length >= 0 && text_field_set(cell, other) != TEXT_FIELD_NO_MEMORY;
    if (length >= 0) free(other);
    cell->exact = true;
    return done;
}

static bool negate_rows(struct form *form)
{
    bool done = true;
    for (size_t row = 0; row < form->grid.count; row++)
        for (size_t column = 0; column < form->grid.columns; column++)
            if (column_of(form, column)->negated && grid_cell(&form->grid, row, column)->length > 0)
                done = negate(grid_cell(&form->grid, row, column)) && done;
    return done;
}

/* In the notes stands what it is against. */
static bool say_against(struct form *form, const char *name)
{
    size_t notes = fact_of_kind(form->resource, FIELD_NOTES);
    char *sentence = NULL;
    if (notes == form_button(form)) return true;
    if (asprintf(&sentence, _("Credit note for %s"), name) < 0) return false;
    bool done = text_field_set(&form->fields[notes], sentence) != TEXT_FIELD_NO_MEMORY;
    free(sentence);
    return done;
}

bool form_fill_again(struct form *form, const struct values *record, bool credit)
{
    struct values same = {.rows = record->rows, .row_count = record->row_count};
    for (size_t place = 0; place < form_button(form); place++)
        if (is_the_same(form_field(form, place))) same.texts[place] = record->texts[place];
    size_t named = fact_of_name(form->resource);
    const char *name = fact_text(record->texts[named]);
    bool done = form_prefill(form, &same) && count_days(form, record);
    if (form->fields[named].length == 0) done = done && form_suggest_number(form, name);
    if (credit) done = done && negate_rows(form) && say_against(form, name);
    form_focus_first(form);
    return done;
}
