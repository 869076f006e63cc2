/* What is wrong with a form, at its fields. */
#include "tui/form/form.h"
#include "tui/form/form_places.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool form_focus_complaint(struct form *form)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (form->fields[place].complaint_code) {
            form->focus = place;
            return true;
        }
        if (place != FORM_LINES) continue;
        for (size_t row = 0; row < form->grid.count; row++) {
            for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
                if (!grid_cell(&form->grid, row, column)->complaint_code) continue;
                form->focus = FORM_LINES;
                form->grid.row = row;
                form->grid.column = column;
                return true;
            }
        }
    }
    return false;
}

/* The grid's cell that "/lines…" speaks of; NULL: none. A line as a whole is its unit price. */
static struct text_field *cell_at(struct form *form, const char *pointer,
                                  const size_t rows[INVOICE_LINES_MAX], size_t line_count)
{
    static const char prefix[] = "/lines/";
    if (line_count == 0) return grid_cell(&form->grid, form->grid.count - 1, GRID_DESCRIPTION);
    if (strncmp(pointer, prefix, sizeof prefix - 1) != 0) return NULL;
    char *rest;
    unsigned long line = strtoul(pointer + sizeof prefix - 1, &rest, 10);
    if (line >= line_count) return NULL;
    if (*rest == '\0') return grid_cell(&form->grid, rows[line], GRID_UNIT_PRICE);
    for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
        if (strcmp(form_column_pointer(column), rest) == 0)
            return grid_cell(&form->grid, rows[line], column);
    }
    return NULL;
}

static struct text_field *field_at(struct form *form, const char *pointer,
                                   const size_t rows[INVOICE_LINES_MAX], size_t line_count)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (form_pointer(place) && strcmp(form_pointer(place), pointer) == 0)
            return &form->fields[place];
    }
    bool of_lines = strncmp(pointer, "/lines", strlen("/lines")) == 0;
    return of_lines ? cell_at(form, pointer, rows, line_count) : NULL;
}

static void forgive_all(struct form *form)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        text_field_forgive(&form->fields[place]);
    }
    for (size_t row = 0; row < form->grid.count; row++) {
        for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
            text_field_forgive(grid_cell(&form->grid, row, column));
        }
    }
    form_set_message(form, NULL);
}

static void complain(struct text_field *field, const struct violation *violation)
{
    char *told = words_retold(violation->detail);
    text_field_complain(field, violation->code, told ? told : violation->detail);
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
    struct values invoice;
    struct values_row lines[INVOICE_LINES_MAX];
    size_t rows[INVOICE_LINES_MAX];
    form_invoice(form, &invoice, lines, rows);
    forgive_all(form);
    for (size_t i = 0; i < violations->count; i++) {
        const struct violation *violation = &violations->items[i];
        struct text_field *field = field_at(form, violation->pointer, rows, invoice.row_count);
        if (!field) {
            if (!form->message) set_message(form, violation);
        } else if (!field->complaint_code) {
            complain(field, violation);
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
        for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
            if (grid_cell(&form->grid, row, column)->complaint_code)
                name_complaint(text, size, line, form_column_label(column));
        }
        if (!grid_row_is_blank(&form->grid, row)) line++;
    }
}

void form_name_complaints(const struct form *form, char *text, size_t size)
{
    text[0] = '\0';
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (place == FORM_LINES) name_complaints_of_lines(form, text, size);
        if (form->fields[place].complaint_code) name_complaint(text, size, 0, form_label(place));
    }
}

/* The complaint at `pointer`, if there is one, becomes the field's; none forgives it. */
static void judge(struct text_field *field, const char *pointer,
                  const struct violations *violations)
{
    const struct violation *violation = violations_at(violations, pointer);
    if (violation)
        complain(field, violation);
    else
        text_field_forgive(field);
}

static void judge_cell(struct form *form, const struct form_spot *spot,
                       const size_t rows[INVOICE_LINES_MAX], size_t line_count,
                       const struct violations *violations)
{
    char pointer[64];
    size_t line = 0;
    if (spot->row >= form->grid.count) return;
    while (line < line_count && rows[line] != spot->row)
        line++;
    if (line == line_count) return; /* a blank line is none */
    snprintf(pointer, sizeof pointer, "/lines/%zu%s", line, form_column_pointer(spot->column));
    judge(grid_cell(&form->grid, spot->row, spot->column), pointer, violations);
}

void form_leave(struct form *form, struct form_spot spot)
{
    struct values invoice;
    struct values_row lines[INVOICE_LINES_MAX];
    size_t rows[INVOICE_LINES_MAX];
    struct violations violations = {0};
    form_write_dates(form);
    form_invoice(form, &invoice, lines, rows);
    resource_judge(&INVOICE, &invoice, NULL, &violations);
    if (spot.place == FORM_LINES)
        judge_cell(form, &spot, rows, invoice.row_count, &violations);
    else if (form_pointer(spot.place))
        judge(&form->fields[spot.place], form_pointer(spot.place), &violations);
    /* One date makes the other right or wrong. */
    struct text_field *due = &form->fields[FORM_DUE_DATE];
    if (spot.place == FORM_ISSUE_DATE && due->length > 0)
        judge(due, form_pointer(FORM_DUE_DATE), &violations);
    violations_clear(&violations);
}

void form_leave_rows(struct form *form, size_t first, size_t last)
{
    struct values invoice;
    struct values_row lines[INVOICE_LINES_MAX];
    size_t rows[INVOICE_LINES_MAX];
    struct violations violations = {0};
    form_invoice(form, &invoice, lines, rows);
    resource_judge(&INVOICE, &invoice, NULL, &violations);
    for (size_t row = first; row <= last; row++) {
        for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
            const struct form_spot spot = {FORM_LINES, row, column};
            bool has_focus = row == form->grid.row && column == form->grid.column;
            if (!has_focus && grid_cell(&form->grid, row, column)->length > 0)
                judge_cell(form, &spot, rows, invoice.row_count, &violations);
        }
    }
    violations_clear(&violations);
}
