#include "tui/form/form.h"

#include "protocol/wire/resources/invoice.h"
#include "tui/form/date_entry.h"
#include "tui/form/form_places.h"
#include "tui/form/next_number.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DATE_CHARACTERS_MAX     10
#define CURRENCY_CHARACTERS_MAX 3
#define POINTER_SIZE            64

/* One row a place. The lines and the button have no text of their own. */
static const struct {
    const char *label;
    const char *pointer;
    enum text_field_kind kind;
    size_t characters_max;
    enum invoice_field member;
} places[FORM_PLACES] = {
    [FORM_NUMBER] = {N_("Number"), "/number", TEXT_FIELD_WORDS, INVOICE_NUMBER_MAX, INVOICE_NUMBER},
    [FORM_ISSUE_DATE] = {N_("Issue date"), "/issue_date", TEXT_FIELD_CODE, DATE_CHARACTERS_MAX,
                         INVOICE_ISSUE_DATE},
    [FORM_DUE_DATE] = {N_("Due date"), "/due_date", TEXT_FIELD_CODE, DATE_CHARACTERS_MAX,
                       INVOICE_DUE_DATE},
    [FORM_CURRENCY] = {N_("Currency"), "/currency", TEXT_FIELD_CAPITALS, CURRENCY_CHARACTERS_MAX,
                       INVOICE_CURRENCY},
    [FORM_EMAIL] = {N_("Customer e-mail"), "/customer/email", TEXT_FIELD_CODE, INVOICE_EMAIL_MAX,
                    INVOICE_EMAIL},
    [FORM_NAME] = {N_("Customer name"), "/customer/name", TEXT_FIELD_WORDS, INVOICE_TEXT_MAX,
                   INVOICE_NAME},
    [FORM_NOTES] = {N_("Notes"), "/notes", TEXT_FIELD_NOTES, INVOICE_NOTES_MAX, INVOICE_NOTES},
};

static const struct {
    const char *label;
    const char *pointer; /* behind "/lines/N" */
    enum invoice_line member;
} columns[GRID_COLUMNS] = {
    [GRID_DESCRIPTION] = {N_("Description"), "/description", LINE_DESCRIPTION},
    [GRID_QUANTITY] = {N_("Quantity"), "/quantity", LINE_QUANTITY},
    [GRID_UNIT_PRICE] = {N_("Unit price"), "/unit_price", LINE_UNIT_PRICE},
    [GRID_TAX_RATE] = {N_("Tax %"), "/tax_rate", LINE_TAX_RATE},
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

const char *form_pointer(enum form_place place)
{
    return places[place].pointer;
}

const char *form_column_pointer(enum grid_column column)
{
    return columns[column].pointer;
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
    free(form->completion);
    form->completion = NULL;
    form->external_source = form->external_id = form->message = NULL;
    form->focus = FORM_NUMBER;
    form->dated = false;
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
    snprintf(currency, sizeof currency, "%s", *used ? used : words_currency());
    clear_fields(form);
    form_set_today(form, today);
    return text_field_suggest(&form->fields[FORM_CURRENCY], currency) != TEXT_FIELD_NO_MEMORY &&
           text_field_suggest(&form->fields[FORM_ISSUE_DATE], today) != TEXT_FIELD_NO_MEMORY &&
           grid_start(&form->grid);
}

void form_set_today(struct form *form, const char *today)
{
    snprintf(form->today, sizeof form->today, "%s", today);
}

bool form_follow_day(struct form *form, const char *today)
{
    struct text_field *date = &form->fields[FORM_ISSUE_DATE];
    bool fresh = date->fresh;
    form_set_today(form, today);
    if (form->dated || strcmp(text_field_text(date), today) == 0) return false;
    if (text_field_suggest(date, today) != TEXT_FIELD_OK) return false;
    date->fresh = fresh;
    return true;
}

bool form_suggest_number(struct form *form, const char *last)
{
    char *number = next_number(last);
    bool done =
        !number || text_field_suggest(&form->fields[FORM_NUMBER], number) != TEXT_FIELD_NO_MEMORY;
    free(number);
    return done;
}

const char *form_member(enum form_place place, const struct values *invoice)
{
    return is_text(place) ? invoice->texts[places[place].member] : NULL;
}

const char *form_column_member(enum grid_column column, const struct values_row *line)
{
    return line->texts[columns[column].member];
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

void form_invoice(const struct form *form, struct values *invoice,
                  struct values_row lines[INVOICE_LINES_MAX], size_t rows[INVOICE_LINES_MAX])
{
    *invoice = (struct values){.rows = lines};
    invoice->texts[INVOICE_EXTERNAL_SOURCE] = form->external_source;
    invoice->texts[INVOICE_EXTERNAL_ID] = form->external_id;
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        if (!is_text(place)) continue;
        invoice->texts[places[place].member] = text_or_absent(&form->fields[place]);
    }
    for (size_t row = 0; row < form->grid.count; row++) {
        if (grid_row_is_blank(&form->grid, row)) continue;
        struct values_row *line = &lines[invoice->row_count];
        *line = (struct values_row){0};
        for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
            line->texts[columns[column].member] =
                text_or_absent(grid_cell(&form->grid, row, column));
        }
        rows[invoice->row_count++] = row;
    }
}

/* What stands in the date's field, read as fingers type dates. */
static bool read_date(const struct form *form, enum form_place place, struct date *date)
{
    const struct date_base base = {
        .today = form->today,
        .from = place == FORM_DUE_DATE ? text_field_text(&form->fields[FORM_ISSUE_DATE]) : NULL,
        .later = place == FORM_DUE_DATE,
    };
    return date_entry_read(text_field_text(&form->fields[place]), &base, date);
}

bool form_date(const struct form *form, enum form_place place, struct date *date)
{
    return (place == FORM_ISSUE_DATE || place == FORM_DUE_DATE) && read_date(form, place, date);
}

void form_write_dates(struct form *form)
{
    for (enum form_place place = FORM_ISSUE_DATE; place <= FORM_DUE_DATE; place++) {
        struct date date;
        char text[DATE_TEXT_SIZE];
        struct text_field *field = &form->fields[place];
        if (!read_date(form, place, &date)) continue;
        date_format(date, text);
        if (strcmp(text, text_field_text(field)) != 0) text_field_set(field, text);
    }
}

bool form_is_blank(const struct form *form)
{
    static const enum form_place places_typed[] = {FORM_NUMBER, FORM_DUE_DATE, FORM_EMAIL,
                                                   FORM_NAME, FORM_NOTES};
    for (size_t i = 0; i < sizeof places_typed / sizeof places_typed[0]; i++) {
        const struct text_field *field = &form->fields[places_typed[i]];
        if (field->length > 0 && !field->fresh) return false;
    }
    for (size_t row = 0; row < form->grid.count; row++) {
        if (!grid_row_is_blank(&form->grid, row)) return false;
    }
    return true;
}

struct json *form_to_json(const struct form *form)
{
    struct values invoice;
    struct values_row lines[INVOICE_LINES_MAX];
    size_t rows[INVOICE_LINES_MAX];
    form_invoice(form, &invoice, lines, rows);
    return resource_request(&INVOICE, &invoice);
}

struct json *form_compose(void *form)
{
    form_write_dates(form);
    return form_to_json(form);
}

/* What is typed into a short field that has just been reached takes the place of what is there. */
static void arrive(struct form *form)
{
    bool is_short = form->focus == FORM_ISSUE_DATE || form->focus == FORM_DUE_DATE ||
                    form->focus == FORM_CURRENCY;
    if (is_short) text_field_offer(&form->fields[form->focus]);
}

void form_focus(struct form *form, enum form_place place)
{
    form->focus = place;
}

struct form_spot form_spot(const struct form *form)
{
    return (struct form_spot){form->focus, form->grid.row, form->grid.column};
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
    arrive(form);
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
    arrive(form);
}

void form_up(struct form *form, size_t rows)
{
    struct grid *grid = &form->grid;
    if (form->focus == FORM_LINES && grid->row > 0) {
        grid->row -= rows < grid->row ? rows : grid->row;
    } else if (form->focus > 0) {
        form->focus--;
        if (form->focus == FORM_LINES) grid->row = grid->count - 1;
        arrive(form);
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
        arrive(form);
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

bool form_insert_line(struct form *form)
{
    return form->focus == FORM_LINES && grid_insert_before(&form->grid, form->grid.row);
}

bool form_duplicate_line(struct form *form)
{
    return form->focus == FORM_LINES && grid_duplicate_row(&form->grid, form->grid.row);
}

bool form_delete_line(struct form *form)
{
    return form->focus == FORM_LINES && grid_remove_row(&form->grid, form->grid.row);
}

void form_set_message(struct form *form, const char *message)
{
    free(form->message);
    form->message = message && *message ? strdup(message) : NULL;
}

void form_changed(struct form *form)
{
    form_set_message(form, NULL);
    if (form->focus == FORM_ISSUE_DATE) form->dated = true;
}
