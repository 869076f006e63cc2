#include "tui/views/form.h"

#include "protocol/wire/invoice_json.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATE_CHARACTERS_MAX     10
#define CURRENCY_CHARACTERS_MAX 3
#define CURRENCY_AT_FIRST       "EUR"
#define POINTER_SIZE            64

/* One row a place. The lines and the button have no text of their own. */
static const struct {
    const char *label;
    const char *pointer;
    enum text_field_kind kind;
    size_t characters_max;
    size_t member; /* in struct invoice */
} places[FORM_PLACES] = {
    [FORM_NUMBER] = {N_("Number"), "/number", TEXT_FIELD_WORDS, INVOICE_NUMBER_MAX,
                     offsetof(struct invoice, number)},
    [FORM_ISSUE_DATE] = {N_("Issue date"), "/issue_date", TEXT_FIELD_CODE, DATE_CHARACTERS_MAX,
                         offsetof(struct invoice, issue_date)},
    [FORM_DUE_DATE] = {N_("Due date"), "/due_date", TEXT_FIELD_CODE, DATE_CHARACTERS_MAX,
                       offsetof(struct invoice, due_date)},
    [FORM_CURRENCY] = {N_("Currency"), "/currency", TEXT_FIELD_CAPITALS, CURRENCY_CHARACTERS_MAX,
                       offsetof(struct invoice, currency)},
    [FORM_EMAIL] = {N_("Customer e-mail"), "/customer/email", TEXT_FIELD_CODE, INVOICE_EMAIL_MAX,
                    offsetof(struct invoice, customer_email)},
    [FORM_NAME] = {N_("Customer name"), "/customer/name", TEXT_FIELD_WORDS, INVOICE_NAME_MAX,
                   offsetof(struct invoice, customer_name)},
    [FORM_NOTES] = {N_("Notes"), "/notes", TEXT_FIELD_NOTES, INVOICE_NOTES_MAX,
                    offsetof(struct invoice, notes)},
};

static const struct {
    const char *label;
    const char *pointer; /* behind "/lines/N" */
    size_t member;       /* in struct invoice_line */
} columns[GRID_COLUMNS] = {
    [GRID_DESCRIPTION] = {N_("Description"), "/description",
                          offsetof(struct invoice_line, description)},
    [GRID_QUANTITY] = {N_("Quantity"), "/quantity", offsetof(struct invoice_line, quantity)},
    [GRID_UNIT_PRICE] = {N_("Unit price"), "/unit_price",
                         offsetof(struct invoice_line, unit_price)},
    [GRID_TAX_RATE] = {N_("Tax %"), "/tax_rate", offsetof(struct invoice_line, tax_rate)},
};

static bool is_text(enum form_place place)
{
    return places[place].label != NULL;
}

const char *form_label(enum form_place place)
{
    return is_text(place) ? _(places[place].label) : "";
}

const char *form_column_label(enum grid_column column)
{
    return _(columns[column].label);
}

static void clear_fields(struct form *form)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        text_field_clear(&form->fields[place]);
        form->fields[place].kind = places[place].kind;
        form->fields[place].characters_max = places[place].characters_max;
    }
    free(form->external_source);
    free(form->external_id);
    free(form->message);
    form->external_source = form->external_id = form->message = NULL;
    form->focus = FORM_NUMBER;
}

void form_clear(struct form *form)
{
    clear_fields(form);
    grid_clear(&form->grid);
}

bool form_start(struct form *form, const char *today)
{
    const char *used = text_field_text(&form->fields[FORM_CURRENCY]);
    char currency[CURRENCY_CHARACTERS_MAX + 1];
    snprintf(currency, sizeof currency, "%s", *used ? used : CURRENCY_AT_FIRST);
    clear_fields(form);
    return text_field_set(&form->fields[FORM_CURRENCY], currency) != TEXT_FIELD_NO_MEMORY &&
           text_field_set(&form->fields[FORM_ISSUE_DATE], today) != TEXT_FIELD_NO_MEMORY &&
           grid_start(&form->grid);
}

static const char **member_at(void *record, size_t offset)
{
    return (const char **)(void *)((char *)record + offset);
}

static const char *member_of(const void *record, size_t offset)
{
    return *(const char *const *)(const void *)((const char *)record + offset);
}

static bool prefill_line(struct form *form, const struct invoice_line *line)
{
    struct grid *grid = &form->grid;
    size_t last = grid->count - 1;
    if (!grid_row_is_blank(grid, last)) {
        if (!grid_insert_row(grid, last)) return false;
        last++;
    }
    for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
        const char *text = member_of(line, columns[column].member);
        if (text && text_field_set(grid_cell(grid, last, column), text) == TEXT_FIELD_NO_MEMORY)
            return false;
    }
    return true;
}

bool form_prefill(struct form *form, const struct invoice *invoice)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (!is_text(place)) continue;
        const char *text = member_of(invoice, places[place].member);
        if (text && text_field_set(&form->fields[place], text) == TEXT_FIELD_NO_MEMORY)
            return false;
    }
    for (size_t i = 0; i < invoice->line_count; i++) {
        if (!prefill_line(form, &invoice->lines[i])) return false;
    }
    form->grid.row = 0;
    form->grid.column = GRID_DESCRIPTION;
    if (!invoice->external_source || !invoice->external_id) return true;
    form->external_source = strdup(invoice->external_source);
    form->external_id = strdup(invoice->external_id);
    return form->external_source && form->external_id;
}

struct text_field *form_focused(struct form *form)
{
    if (form->focus == FORM_BUTTON) return NULL;
    if (form->focus == FORM_LINES) return grid_cell(&form->grid, form->grid.row, form->grid.column);
    return &form->fields[form->focus];
}

static const char *text_or_absent(const struct text_field *field)
{
    return field->length > 0 ? field->text : NULL;
}

void form_invoice(const struct form *form, struct invoice *invoice,
                  struct invoice_line lines[INVOICE_LINES_MAX], size_t rows[INVOICE_LINES_MAX])
{
    *invoice = (struct invoice){
        .lines = lines, .external_source = form->external_source, .external_id = form->external_id};
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (!is_text(place)) continue;
        *member_at(invoice, places[place].member) = text_or_absent(&form->fields[place]);
    }
    for (size_t row = 0; row < form->grid.count; row++) {
        if (grid_row_is_blank(&form->grid, row)) continue;
        struct invoice_line *line = &lines[invoice->line_count];
        for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
            *member_at(line, columns[column].member) =
                text_or_absent(grid_cell(&form->grid, row, column));
        }
        rows[invoice->line_count++] = row;
    }
}

json_t *form_compose(void *form)
{
    struct invoice invoice;
    struct invoice_line lines[INVOICE_LINES_MAX];
    size_t rows[INVOICE_LINES_MAX];
    form_invoice(form, &invoice, lines, rows);
    return invoice_to_json(&invoice);
}

void form_focus(struct form *form, enum form_place place)
{
    form->focus = place;
}

static void next_in_grid(struct form *form)
{
    struct grid *grid = &form->grid;
    if (grid->column + 1 < GRID_COLUMNS) {
        grid->column++;
        return;
    }
    bool last = grid->row + 1 == grid->count;
    if (last && (grid_row_is_blank(grid, grid->row) || !grid_insert_row(grid, grid->row))) {
        form->focus = FORM_NOTES;
    } else if (!last) {
        grid->row++;
        grid->column = GRID_DESCRIPTION;
    }
}

void form_next(struct form *form)
{
    if (form->focus == FORM_LINES) {
        next_in_grid(form);
        return;
    }
    form->focus = (form->focus + 1) % FORM_PLACES;
    if (form->focus == FORM_LINES) {
        form->grid.row = 0;
        form->grid.column = GRID_DESCRIPTION;
    }
}

static void previous_in_grid(struct form *form)
{
    struct grid *grid = &form->grid;
    if (grid->column > 0) {
        grid->column--;
    } else if (grid->row > 0) {
        grid->row--;
        grid->column = GRID_COLUMNS - 1;
    } else {
        form->focus = FORM_NAME;
    }
}

void form_previous(struct form *form)
{
    if (form->focus == FORM_LINES) {
        previous_in_grid(form);
        return;
    }
    form->focus = (form->focus + FORM_PLACES - 1) % FORM_PLACES;
    if (form->focus == FORM_LINES) {
        form->grid.row = form->grid.count - 1;
        form->grid.column = GRID_COLUMNS - 1;
    }
}

void form_up(struct form *form, size_t rows)
{
    struct grid *grid = &form->grid;
    if (form->focus == FORM_LINES && grid->row > 0) {
        grid->row -= rows < grid->row ? rows : grid->row;
    } else if (form->focus > 0) {
        form->focus--;
        if (form->focus == FORM_LINES) grid->row = grid->count - 1;
    }
}

void form_down(struct form *form, size_t rows)
{
    struct grid *grid = &form->grid;
    size_t below = grid->count - 1 - grid->row;
    if (form->focus == FORM_LINES && below > 0) {
        grid->row += rows < below ? rows : below;
    } else if (form->focus + 1 < FORM_PLACES) {
        form->focus++;
        if (form->focus == FORM_LINES) grid->row = 0;
    }
}

bool form_new_line(struct form *form)
{
    struct grid *grid = &form->grid;
    size_t row = form->focus == FORM_LINES ? grid->row : grid->count - 1;
    bool from_outside = form->focus != FORM_LINES;
    form->focus = FORM_LINES;
    if (from_outside && grid_row_is_blank(grid, row)) {
        grid->row = row;
        grid->column = GRID_DESCRIPTION;
        return true;
    }
    return grid_insert_row(grid, row);
}

void form_set_message(struct form *form, const char *message)
{
    free(form->message);
    form->message = message && *message ? strdup(message) : NULL;
}

void form_changed(struct form *form)
{
    form_set_message(form, NULL);
}

static void focus_first(struct form *form)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (form->fields[place].complaint_code) {
            form->focus = place;
            return;
        }
        if (place != FORM_LINES) continue;
        for (size_t row = 0; row < form->grid.count; row++) {
            for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
                if (!grid_cell(&form->grid, row, column)->complaint_code) continue;
                form->focus = FORM_LINES;
                form->grid.row = row;
                form->grid.column = column;
                return;
            }
        }
    }
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
        if (strcmp(columns[column].pointer, rest) == 0)
            return grid_cell(&form->grid, rows[line], column);
    }
    return NULL;
}

static struct text_field *field_at(struct form *form, const char *pointer,
                                   const size_t rows[INVOICE_LINES_MAX], size_t line_count)
{
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (is_text(place) && strcmp(places[place].pointer, pointer) == 0)
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

void form_complain(struct form *form, const struct violations *violations)
{
    struct invoice invoice;
    struct invoice_line lines[INVOICE_LINES_MAX];
    size_t rows[INVOICE_LINES_MAX];
    form_invoice(form, &invoice, lines, rows);
    forgive_all(form);
    for (size_t i = 0; i < violations->count; i++) {
        const struct violation *violation = &violations->items[i];
        struct text_field *field = field_at(form, violation->pointer, rows, invoice.line_count);
        if (!field) {
            if (!form->message) form_set_message(form, violation->detail);
        } else if (!field->complaint_code) {
            text_field_complain(field, violation->code, violation->detail);
        }
    }
    focus_first(form);
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
