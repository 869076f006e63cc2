/* What is wrong with a form, at its fields. */
#include "tui/form/facts.h"
#include "tui/form/form.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool focus_complaint_in_rows(struct form *form, size_t place)
{
    struct grid *grid = &form->grid;
    for (size_t row = 0; row < grid->count; row++) {
        for (size_t column = 0; column < grid->columns; column++) {
            if (!grid_cell(grid, row, column)->complaint_code) continue;
            form->focus = place;
            grid->row = row;
            grid->column = column;
            return true;
        }
    }
    return false;
}

bool form_focus_complaint(struct form *form)
{
    for (size_t place = 0; place < form_button(form); place++) {
        if (form_is_rows(form, place) && focus_complaint_in_rows(form, place)) return true;
        if (!form->fields[place].complaint_code || form_field(form, place)->hidden) continue;
        form->focus = place;
        return true;
    }
    return false;
}

/* The grid's cell that "/lines…" speaks of; NULL: none. A row as a whole is its last cell that
 * can't be left empty. */
static struct text_field *cell_at(struct form *form, const char *pointer,
                                  const struct form_values *read, const struct field **of)
{
    const struct grid *grid = &form->grid;
    if (!grid->field || *pointer != '/') return NULL;
    *of = grid->field;
    size_t length = strlen(grid->field->name), count = read->values.row_count;
    if (strncmp(pointer + 1, grid->field->name, length) != 0) return NULL;
    if (count == 0) return grid_cell(grid, grid->count - 1, 0);
    char *rest = NULL;
    pointer += 1 + length;
    unsigned long line = *pointer == '/' ? strtoul(pointer + 1, &rest, 10) : count;
    if (line >= count) return NULL;
    if (*rest == '\0') return grid_cell(grid, read->rows[line], form_last_required(form));
    for (size_t column = 0; column < grid->columns; column++)
        if (strcmp(grid->field->columns.items[column].name, rest + 1) == 0) {
            *of = &grid->field->columns.items[column];
            return grid_cell(grid, read->rows[line], column);
        }
    return NULL;
}

/* The field that a pointer speaks of, and what is typed into it. */
static struct text_field *field_at(struct form *form, const char *pointer,
                                   const struct form_values *read, const struct field **of)
{
    for (size_t place = 0; place < form_button(form); place++) {
        char own[FIELD_POINTER_SIZE];
        const struct field *field = form_field(form, place);
        field_pointer(form->resource, field, 0, own);
        if (fact_is_typed(field) && field->kind != FIELD_ROWS && strcmp(own, pointer) == 0) {
            *of = field;
            return &form->fields[place];
        }
    }
    return cell_at(form, pointer, read, of);
}

static void forgive_all(struct form *form)
{
    for (size_t place = 0; place < form_button(form); place++)
        text_field_forgive(&form->fields[place]);
    for (size_t row = 0; row < form->grid.count; row++)
        for (size_t column = 0; column < form->grid.columns; column++)
            text_field_forgive(grid_cell(&form->grid, row, column));
    form_set_message(form, NULL);
}

static void complain(const struct form *form, const struct field *of, struct text_field *field,
                     const struct violation *violation)
{
    const char *code = violation->code;
    char *told = form_explain(form, of, field, &code);
    if (!told) told = words_retold(violation->detail);
    text_field_complain(field, code, told ? told : violation->detail);
    free(told);
}

static void set_message(struct form *form, const struct violation *violation)
{
    char *told = words_retold(violation->detail);
    form_set_message(form, told ? told : violation->detail);
    free(told);
}

void form_complain(struct form *form, const struct violations *violations)
{
    struct form_values read;
    form_read(form, &read);
    forgive_all(form);
    for (size_t i = 0; i < violations->count; i++) {
        const struct violation *violation = &violations->items[i];
        const struct field *of = NULL;
        struct text_field *field = field_at(form, violation->pointer, &read, &of);
        if (!field) {
            if (!form->message) set_message(form, violation);
        } else if (!field->complaint_code) {
            complain(form, of, field, violation);
        }
    }
    form_focus_complaint(form);
}

/* Appends "label" or "line 2 label". */
static void name_complaint(char *text, size_t size, size_t line, const char *label)
{
    size_t used = strlen(text);
    const char *comma = used > 0 ? ", " : "";
    if (line == 0) {
        snprintf(text + used, size - used, "%s%s", comma, label);
    } else {
        snprintf(text + used, size - used, _("%sline %zu %s"), comma, line, label);
    }
}

static void name_complaints_of_lines(const struct form *form, char *text, size_t size)
{
    size_t line = 1; /* as the invoice counts them: without the blank ones */
    for (size_t row = 0; row < form->grid.count; row++) {
        for (size_t column = 0; column < form->grid.columns; column++) {
            if (grid_cell(&form->grid, row, column)->complaint_code)
                name_complaint(text, size, line, form_column_label(form, column));
        }
        if (!grid_row_is_blank(&form->grid, row)) line++;
    }
}

void form_name_complaints(const struct form *form, char *text, size_t size)
{
    text[0] = '\0';
    for (size_t place = 0; place < form_button(form); place++) {
        if (form_is_rows(form, place)) name_complaints_of_lines(form, text, size);
        if (form->fields[place].complaint_code)
            name_complaint(text, size, 0, form_label(form, place));
    }
}

/* The complaint at `pointer`, if there is one, becomes the field's; none forgives it. */
static void judge(const struct form *form, const struct field *of, struct text_field *field,
                  const char *pointer, const struct violations *violations)
{
    const struct violation *violation = violations_at(violations, pointer);
    if (violation)
        complain(form, of, field, violation);
    else
        text_field_forgive(field);
}

static void judge_field(struct form *form, size_t place, const struct violations *violations)
{
    char pointer[FIELD_POINTER_SIZE];
    const struct field *field = form_field(form, place);
    field_pointer(form->resource, field, 0, pointer);
    judge(form, field, &form->fields[place], pointer, violations);
}

static void judge_cell(struct form *form, size_t row, size_t column, const struct form_values *read,
                       const struct violations *violations)
{
    char pointer[FIELD_POINTER_SIZE];
    size_t line = 0, count = read->values.row_count;
    if (row >= form->grid.count) return;
    while (line < count && read->rows[line] != row)
        line++;
    if (line == count) return; /* a blank line is none */
    const struct field *field = &form->grid.field->columns.items[column];
    field_pointer(form->resource, field, line + 1, pointer);
    judge(form, field, grid_cell(&form->grid, row, column), pointer, violations);
}

/* What it may be read as is to be seen, though the focus is elsewhere. */
static void tell_twofold(struct form *form, struct form_spot spot)
{
    bool in_rows = form_is_rows(form, spot.place);
    if (in_rows && spot.row >= form->grid.count) return;
    const struct text_field *left =
        in_rows ? grid_cell(&form->grid, spot.row, spot.column) : &form->fields[spot.place];
    if (left->complaint_code && strcmp(left->complaint_code, FORM_TWOFOLD) == 0)
        form_set_message(form, left->complaint);
}

static bool is_at(const struct form *form, struct form_spot spot)
{
    struct form_spot at = form_spot(form);
    return at.place == spot.place && at.row == spot.row && at.column == spot.column;
}

/* What stands there is what is wanted: the focus was on it, and has left it as it is. What is known
 * of a customer goes on following the e-mail; in the rows a suggestion alone makes no row. */
static void keep(struct form *form, size_t place)
{
    const struct field *field = form_field(form, place);
    struct text_field *text = &form->fields[place];
    if (field->start == START_EMPTY && text->suggested && field->kind != FIELD_EMAIL) return;
    text->suggested = false;
    if (field->start == START_EMPTY) text->fresh = false;
}

void form_leave(struct form *form, struct form_spot spot)
{
    struct form_values read;
    struct violations violations = {0};
    const struct field *left = form_field(form, spot.place);
    if (!left) return;
    bool is_gone = !is_at(form, spot);
    if (is_gone) keep(form, spot.place);
    form_write_out_but(form, is_gone ? form_focused(form) : NULL);
    form_read_meaning(form, &read);
    resource_judge(form->resource, &read.values, NULL, &violations);
    if (left->kind == FIELD_ROWS)
        judge_cell(form, spot.row, spot.column, &read, &violations);
    else
        judge_field(form, spot.place, &violations);
    /* One date makes the other right or wrong. */
    for (size_t i = 0; i < form_button(form); i++) {
        const char *first = form_field(form, i)->not_before;
        if (first && strcmp(first, left->name) == 0 && form->fields[i].length > 0)
            judge_field(form, i, &violations);
    }
    violations_clear(&violations);
    tell_twofold(form, spot);
}

void form_leave_rows(struct form *form, size_t first, size_t last)
{
    struct form_values read;
    struct violations violations = {0};
    form_write_out_but(form, form_focused(form));
    form_read_meaning(form, &read);
    resource_judge(form->resource, &read.values, NULL, &violations);
    for (size_t row = first; row <= last; row++) {
        for (size_t column = 0; column < form->grid.columns; column++) {
            bool has_focus = row == form->grid.row && column == form->grid.column;
            if (!has_focus && grid_cell(&form->grid, row, column)->length > 0)
                judge_cell(form, row, column, &read, &violations);
        }
    }
    violations_clear(&violations);
}
