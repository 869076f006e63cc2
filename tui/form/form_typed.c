/* What is typed into a form as fingers type it, and what it means: dates and amounts are read, and
 * written out where the focus has left them. What can be read in two ways isn't guessed. */
#include "tui/form/amount_entry.h"
#include "tui/form/date_entry.h"
#include "tui/form/facts.h"
#include "tui/form/form.h"
#include "tui/words/words.h"

#include "protocol/wire/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNREAD          "?" /* no rule takes it */
#define CURRENCY_LENGTH 3

/* --- dates --- */

/* The field whose day is the first one for that one; the button: there is none. */
static size_t first_day(const struct form *form, const struct field *field)
{
    size_t place = 0;
    while (place < form_button(form) &&
           (!field->not_before || strcmp(form_field(form, place)->name, field->not_before) != 0))
        place++;
    return place;
}

static size_t date_readings(const struct form *form, size_t place, const char *typed,
                            struct date readings[2])
{
    size_t first = first_day(form, form_field(form, place));
    bool later = first != form_button(form);
    char from[DATE_TEXT_SIZE] = "";
    struct date day;
    if (later && form_date(form, first, &day)) date_format(day, from);
    const struct date_base base = {form->today, from, later, words_day_first()};
    return date_entry_readings(typed, &base, readings);
}

/* What days that were counted from another one came to stands there still. */
static bool is_counted(const struct form *form, size_t place)
{
    return *form->counted && form_field(form, place)->not_before &&
           strcmp(text_field_text(&form->fields[place]), form->counted_day) == 0;
}

/* They are counted anew from what is there now, if that is a day. */
static bool is_counted_anew(const struct form *form, size_t place)
{
    size_t first = first_day(form, form_field(form, place));
    struct date day;
    return is_counted(form, place) && first != form_button(form) && form_date(form, first, &day);
}

bool form_date(const struct form *form, size_t place, struct date *date)
{
    const struct field *field = form_field(form, place);
    struct date readings[2];
    if (!field || field->kind != FIELD_DATE) return false;
    const char *typed =
        is_counted_anew(form, place) ? form->counted : text_field_text(&form->fields[place]);
    if (date_readings(form, place, typed, readings) != 1) return false;
    *date = readings[0];
    return true;
}

/* The same text as before keeps its complaint; another one stays a suggestion if it was one. */
static void rewrite(struct text_field *field, const char *text)
{
    bool fresh = field->fresh, suggested = field->suggested;
    if (strcmp(text, text_field_text(field)) == 0) return;
    if (text_field_set(field, text) == TEXT_FIELD_OK && fresh) text_field_offer(field);
    field->suggested = suggested;
}

static void write_date(struct form *form, size_t place)
{
    struct date date;
    char day[DATE_TEXT_SIZE];
    struct text_field *field = &form->fields[place];
    if (!form_date(form, place, &date)) return;
    date_format(date, day);
    if (form_field(form, place)->not_before && !is_counted(form, place)) {
        bool counts = date_entry_counts(text_field_text(field));
        form_count_days(form, counts ? text_field_text(field) : "");
    }
    rewrite(field, day);
    if (form_field(form, place)->not_before)
        snprintf(form->counted_day, sizeof form->counted_day, "%s", day);
}

void form_follow_first_day(struct form *form)
{
    for (size_t place = 0; place < form_button(form); place++)
        if (is_counted_anew(form, place)) write_date(form, place);
}

/* Where a day is counted from another one; the button: nowhere. */
static size_t counted_place(const struct form *form)
{
    size_t place = 0;
    while (place < form_button(form) && !form_field(form, place)->not_before)
        place++;
    return place;
}

bool form_suggest_days(struct form *form, const char *days)
{
    size_t place = counted_place(form);
    struct text_field *field = &form->fields[place];
    if (place == form_button(form) || (field->length > 0 && !field->suggested)) return true;
    if (strcmp(form->counted, days) == 0 && (field->length > 0) == (*days != '\0')) return true;
    enum text_field_status status = text_field_suggest(field, days);
    form_count_days(form, "");
    if (*days) write_date(form, place);
    return status != TEXT_FIELD_NO_MEMORY;
}

/* --- amounts --- */

const char *form_currency(const struct form *form)
{
    size_t place = fact_of_kind(form->resource, FIELD_CURRENCY);
    return place < form_button(form) ? text_field_text(&form->fields[place]) : "";
}

static enum amount_entry read_amount(const struct form *form, const struct field *field,
                                     const char *typed, char readings[2][AMOUNT_ENTRY_SIZE])
{
    const char *currency = form_currency(form);
    const struct amount_habits habits = {
        .currency = strlen(currency) == CURRENCY_LENGTH ? currency : "",
        .percent = field->range == RANGE_PERCENT,
        .point_parts = words_point_parts(),
    };
    return amount_entry_read(typed, &habits, readings);
}

/* There is something to be read into what is typed there. */
static bool is_to_be_read(const struct field *field, const struct text_field *text)
{
    return field->kind == FIELD_DECIMAL && !text->exact && text->length > 0;
}

static void write_amount(struct form *form, const struct field *field, struct text_field *text)
{
    char readings[2][AMOUNT_ENTRY_SIZE];
    if (!is_to_be_read(field, text)) return;
    if (read_amount(form, field, text_field_text(text), readings) != AMOUNT_ENTRY_READ) return;
    rewrite(text, readings[0]);
    text->exact = true;
}

/* --- all of them --- */

static const struct field *column_of(const struct form *form, size_t column)
{
    return &form->grid.field->columns.items[column];
}

void form_write_out_but(struct form *form, const struct text_field *but)
{
    for (size_t place = 0; place < form_button(form); place++) {
        write_date(form, place);
        if (&form->fields[place] != but)
            write_amount(form, form_field(form, place), &form->fields[place]);
    }
    for (size_t row = 0; row < form->grid.count; row++) {
        for (size_t column = 0; column < form->grid.columns; column++) {
            struct text_field *cell = grid_cell(&form->grid, row, column);
            if (cell != but) write_amount(form, column_of(form, column), cell);
        }
    }
}

void form_write_out(struct form *form)
{
    form_write_out_but(form, NULL);
}

static const struct text_field *focused(const struct form *form)
{
    return form_in_rows(form) ? grid_cell(&form->grid, form->grid.row, form->grid.column)
                              : &form->fields[form->focus];
}

/* In place of what is typed: what it is read as while it is still being typed, and nothing that a
 * rule takes where it isn't known. */
static const char *meant(const struct form *form, const struct field *field,
                         const struct text_field *text, const char *typed, struct form_values *read)
{
    char readings[2][AMOUNT_ENTRY_SIZE];
    if (!typed || !is_to_be_read(field, text)) return typed;
    switch (read_amount(form, field, typed, readings)) {
    case AMOUNT_ENTRY_READ:
        if (text != focused(form)) return typed;
        memcpy(read->typed, readings[0], sizeof read->typed);
        return read->typed;
    case AMOUNT_ENTRY_TWOFOLD:
        return UNREAD;
    case AMOUNT_ENTRY_NONE:
    case AMOUNT_ENTRY_TOO_LONG:
    case AMOUNT_ENTRY_OTHER_CURRENCY:
        break;
    }
    return typed;
}

void form_read_meaning(const struct form *form, struct form_values *read)
{
    form_read(form, read);
    struct values *values = &read->values;
    for (size_t place = 0; place < form_button(form); place++)
        values->texts[place] =
            meant(form, form_field(form, place), &form->fields[place], values->texts[place], read);
    for (size_t line = 0; line < values->row_count; line++)
        for (size_t column = 0; column < form->grid.columns; column++)
            read->lines[line].texts[column] = meant(
                form, column_of(form, column), grid_cell(&form->grid, read->rows[line], column),
                read->lines[line].texts[column], read);
}

void form_doubt(struct form *form)
{
    for (size_t place = 0; place < form_button(form); place++)
        if (form_field(form, place)->kind == FIELD_DECIMAL) form->fields[place].exact = false;
    for (size_t row = 0; row < form->grid.count; row++)
        for (size_t column = 0; column < form->grid.columns; column++)
            grid_cell(&form->grid, row, column)->exact = false;
}

/* --- what is wrong with it, where the rules know the strict spelling alone --- */

static char *tell_twofold(const char *typed, const char *one, const char *other)
{
    char *sentence = NULL;
    int length = asprintf(&sentence, _("\"%s\" can be read as %s and as %s; write one of these."),
                          typed, one, other);
    return length < 0 ? NULL : sentence;
}

static char *explain_date(const struct form *form, size_t place, const char **code)
{
    struct date readings[2];
    char days[2][DATE_TEXT_SIZE];
    const char *typed = text_field_text(&form->fields[place]);
    if (date_readings(form, place, typed, readings) != 2) return NULL;
    date_format(readings[0], days[0]);
    date_format(readings[1], days[1]);
    *code = FORM_TWOFOLD;
    return tell_twofold(typed, days[0], days[1]);
}

static char *explain_amount(const struct form *form, const struct field *field,
                            const struct text_field *text, const char **code)
{
    char readings[2][AMOUNT_ENTRY_SIZE];
    char *sentence = NULL;
    const char *typed = text_field_text(text);
    if (!is_to_be_read(field, text)) return NULL;
    switch (read_amount(form, field, typed, readings)) {
    case AMOUNT_ENTRY_TWOFOLD:
        *code = FORM_TWOFOLD;
        return tell_twofold(typed, readings[0], readings[1]);
    case AMOUNT_ENTRY_TOO_LONG:
        *code = "too-long";
        if (asprintf(&sentence, _("\"%s\" comes to more than %d digits; type a smaller amount."),
                     typed, DECIMAL_DIGITS_MAX) < 0)
            return NULL;
        return sentence;
    case AMOUNT_ENTRY_OTHER_CURRENCY:
        *code = "other-currency";
        if (asprintf(&sentence, _("\"%s\" is of another currency; write the number alone."),
                     typed) < 0)
            return NULL;
        return sentence;
    case AMOUNT_ENTRY_NONE:
    case AMOUNT_ENTRY_READ:
        break;
    }
    return NULL;
}

char *form_explain(const struct form *form, const struct field *field,
                   const struct text_field *text, const char **code)
{
    for (size_t place = 0; place < form_button(form); place++)
        if (&form->fields[place] == text && field->kind == FIELD_DATE)
            return explain_date(form, place, code);
    return explain_amount(form, field, text, code);
}

struct json *form_compose(void *composed)
{
    struct form *form = composed;
    struct form_values read;
    form_write_out(form);
    form_read_meaning(form, &read);
    return resource_request(form->resource, &read.values);
}
