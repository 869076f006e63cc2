#include "tui/views/form_paint.h"

#include "protocol/wire/date.h"
#include "protocol/wire/decimal.h"
#include "protocol/wire/text.h"
#include "tui/form/facts.h"
#include "tui/form/weekday.h"
#include "tui/terminal/screen.h"
#include "tui/views/frame.h"
#include "tui/views/totals.h"
#include "tui/words/words.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EMPTY      '_'
#define HIDDEN_GAP 3
#define NO_LINE    ((size_t)-1)

/* Short words for what is wrong, beside the field; the whole sentence is shown where the focus is.
 */
static const struct {
    const char *code;
    const char *words;
} complaints[] = {
    {"required", N_("required")},
    {"too-long", N_("too long")},
    {"not-a-date", N_("not a date")},
    {"before-issue-date", N_("too early")},
    {"not-a-currency", N_("not a currency")},
    {"not-an-email", N_("not an e-mail address")},
    {"not-a-decimal", N_("no number")},
    {"too-many-decimals", N_("decimals")},
    {"out-of-range", N_("range")},
    {"overflow", N_("too large")},
    {"held", N_("waiting")},
    {FORM_TWOFOLD, N_("two readings")},
    {"other-currency", N_("currency")},
};

static const char *complaint_words(const char *code)
{
    for (size_t i = 0; i < sizeof complaints / sizeof complaints[0]; i++) {
        if (strcmp(complaints[i].code, code) == 0) return _(complaints[i].words);
    }
    return _("wrong");
}

/* What is typed as it stands, with its sums. */
struct sums {
    struct form_values read;
    struct amounts amounts;
    bool fits;
};

/* Which row of the record the grid's is, NO_LINE for a blank one. `*number` counts from 1. */
static size_t line_of_row(const struct sums *sums, size_t row, size_t *number)
{
    size_t line = 0;
    while (line < sums->read.values.row_count && sums->read.rows[line] < row)
        line++;
    *number = line + 1;
    return line < sums->read.values.row_count && sums->read.rows[line] == row ? line : NO_LINE;
}

static void paint_complaint(const struct text_field *field, int y, int x, int end)
{
    screen_put(y, x - 1, 1, STYLE_ERROR, "!");
    const char *words = complaint_words(field->complaint_code);
    if ((int)text_width(words) <= end - x) screen_put_right(y, end, end - x, STYLE_ERROR, words);
}

/* Where the focus is, labels say: text of a colour of its own would cost several times the bytes of
 * each key's echo. */
static enum style text_style(const struct text_field *field, bool focused)
{
    if (focused && field->fresh) return STYLE_SELECTED;
    if (field->complaint_code) return STYLE_ERROR;
    return field->suggested ? STYLE_FAINT : STYLE_TEXT;
}

static enum style label_style(bool focused, enum style otherwise)
{
    return focused ? STYLE_FOCUS : otherwise;
}

/* The text in its box: with the focus scrolled to the cursor, else from its start. Returns the
 * columns that it took. */
static int paint_window(struct text_field *field, const struct form_box *box, bool focused)
{
    size_t cursor;
    struct text_field whole = *field;
    whole.first = whole.cursor = 0;
    char *window = focused ? text_field_window(field, (size_t)box->columns, &cursor)
                           : text_field_window(&whole, INT_MAX, &cursor);
    if (!window) return 0;
    int used = screen_put(box->y, box->x, box->columns, text_style(field, focused), window);
    if (focused) screen_cursor(box->y, box->x + (int)cursor);
    free(window);
    return used;
}

/* Where what is said of a field behind its box ends; 0: it is said in the box. */
static int end_behind(const struct form *form, const struct form_layout *layout, size_t place)
{
    const struct field *field = form_field(form, place), *next = form_field(form, place + 1);
    if (field->kind != FIELD_DATE && field->kind != FIELD_CURRENCY) return 0;
    return next && next->beside ? layout->label_x[place + 1] - 1 : screen_columns() - 1;
}

static void paint_complaint_of(const struct text_field *field, const struct form_box *box, int used,
                               int end_behind_box)
{
    const char *words = complaint_words(field->complaint_code);
    int end = box->x + box->columns, start = box->x + used + 1;
    paint_complaint(field, box->y, box->x, box->x);
    if (end_behind_box)
        screen_put(box->y, end + 1, end_behind_box - end - 1, STYLE_ERROR, words);
    else if ((int)text_width(words) <= end - start)
        screen_put_right(box->y, end, end - start, STYLE_ERROR, words);
}

/* Behind the text that has the focus. */
static void paint_completion(const struct form *form, const struct text_field *field,
                             const struct form_box *box, int used)
{
    if (form->completion && field->cursor == field->length)
        screen_put(box->y, box->x + used, box->columns - used, STYLE_FAINT, form->completion);
}

static void paint_field(struct form *form, const struct form_layout *layout, size_t place)
{
    struct text_field *field = &form->fields[place];
    const struct form_box *box = &layout->fields[place];
    bool focused = form->focus == place;
    const char *label = form_label(form, place);
    screen_put(box->y, layout->label_x[place], (int)text_width(label),
               label_style(focused, STYLE_TEXT), label);
    screen_fill(box->y, box->x, box->columns, STYLE_FAINT, EMPTY);
    int used = paint_window(field, box, focused);
    if (focused) paint_completion(form, field, box, used);
    if (field->complaint_code)
        paint_complaint_of(field, box, used, end_behind(form, layout, place));
}

static void paint_weekday(const struct form *form, const struct form_layout *layout, size_t place)
{
    const struct text_field *field = &form->fields[place];
    const struct form_box *box = &layout->fields[place];
    struct date date;
    char day[DATE_TEXT_SIZE];
    if (field->complaint_code || !form_date(form, place, &date)) return;
    int x = box->x + box->columns + 1;
    int end = end_behind(form, layout, place) + 1, room = end - x - 1;
    date_format(date, day);
    bool is_written = strcmp(day, text_field_text(field)) == 0;
    bool this_year = strncmp(day, form->today, strlen("YYYY-")) == 0;
    bool fits = room >= (int)(text_width(weekday_name(date)) + 1 + strlen(day));
    /* What "+30" comes to: another year than this one is said rather than the day of the week. */
    if (is_written || this_year || fits)
        x += screen_put(box->y, x, end - x, STYLE_FAINT, weekday_name(date)) + 1;
    const char *shown = this_year && !fits ? day + strlen("YYYY-") : day;
    if (!is_written) screen_put(box->y, x, end - x - 1, STYLE_FAINT, shown);
}

static void paint_hidden(const struct form *form, const struct form_layout *layout,
                         const struct values *values)
{
    int y = layout->header_y - 1, x = 1;
    if (layout->beside != form_button(form)) {
        const struct form_box *box = &layout->fields[layout->beside];
        if (form->fields[layout->beside].complaint_code) return;
        y = box->y;
        x = box->x + box->columns + HIDDEN_GAP;
    }
    char *hidden = fact_hidden(form->resource, values);
    if (hidden) screen_put(y, x, screen_columns() - 1 - x, STYLE_FAINT, hidden);
    free(hidden);
}

static void paint_fields(struct form *form, const struct form_layout *layout,
                         const struct values *values)
{
    for (size_t i = 0; i < form_button(form); i++) {
        const struct field *field = form_field(form, i);
        if (!fact_is_typed(field) || field->kind == FIELD_ROWS) continue;
        paint_field(form, layout, i);
        paint_weekday(form, layout, i);
    }
    paint_hidden(form, layout, values);
}

static enum style header_style(const struct form *form, size_t column)
{
    return label_style(form_in_rows(form) && form->grid.column == column, STYLE_FAINT);
}

/* "Description", and which lines are shown where that isn't all of them; where there is no room for
 * both, only which. */
static void paint_description_head(const struct form *form, const struct form_layout *layout)
{
    const struct form_box *box = &layout->cells[0];
    const char *label = form_column_label(form, 0);
    enum style style = header_style(form, 0);
    size_t first = form->grid.first + 1, last = form->grid.first + (size_t)layout->lines_rows;
    char range[64] = "";
    bool all = form->grid.count <= (size_t)layout->lines_rows;
    if (!all) snprintf(range, sizeof range, _("%zu to %zu of %zu"), first, last, form->grid.count);
    int label_columns = (int)text_width(label) + 2;
    if (label_columns + (int)text_width(range) <= box->columns + (all ? 2 : 0)) {
        screen_put(layout->header_y, box->x, box->columns, style, label);
        screen_put(layout->header_y, box->x + label_columns, box->columns - label_columns,
                   STYLE_FAINT, range);
        return;
    }
    snprintf(range, sizeof range, "%zu-%zu/%zu", first, last, form->grid.count);
    screen_put(layout->header_y, box->x, box->columns, style, all ? label : range);
}

static void paint_header(const struct form *form, const struct form_layout *layout)
{
    int y = layout->header_y;
    screen_put(y, 2, 1, STYLE_FAINT, "#");
    paint_description_head(form, layout);
    for (size_t column = 1; column < form->grid.field->columns.count; column++) {
        const struct form_box *box = &layout->cells[column];
        int room = column < form->grid.columns ? box->columns + 2 : box->columns;
        screen_put_right(y, box->x + box->columns, room, header_style(form, column),
                         form_column_label(form, column));
    }
}

static void paint_cell(struct form *form, const struct form_layout *layout, size_t row,
                       size_t column, bool filled)
{
    struct text_field *field = grid_cell(&form->grid, row, column);
    bool focused = form_in_rows(form) && form->grid.row == row && form->grid.column == column;
    struct form_box box = layout->cells[column];
    int end = box.x + box.columns;
    box.y += (int)(row - form->grid.first);
    if (filled) screen_fill(box.y, box.x, box.columns, STYLE_FAINT, EMPTY);
    int text_x = form_cell_x(form, layout, row, column);
    box.x = text_x;
    /* Behind the point of a shorter amount there is room, but nothing to fill in. */
    if (column > 0 && filled && field->length > 0)
        screen_fill(box.y, text_x, end - text_x, STYLE_FAINT, ' ');
    box.columns = end - text_x;
    if (column > 0 && field->length == 0) {
        if (focused) screen_cursor(box.y, end - layout->aligns[column].fraction);
    } else {
        int used = paint_window(field, &box, focused);
        if (focused && column == 0) paint_completion(form, field, &box, used);
    }
    if (field->complaint_code) {
        int start = layout->cells[column].x;
        bool room = column == 0 || field->length == 0;
        paint_complaint(field, box.y, start, room && field->length == 0 ? end : start);
    }
}

/* What comes of a row stands in its last column. */
static void paint_derived(const struct form *form, const struct form_layout *layout,
                          const struct sums *sums, size_t line, int y)
{
    char amount[DECIMAL_TEXT_MAX];
    size_t last = form->grid.field->columns.count - 1;
    const struct form_box *box = &layout->cells[last];
    if (last < form->grid.columns || line == NO_LINE || !sums->amounts.has_row[line]) return;
    decimal_format(sums->amounts.rows[line], sums->amounts.digits, amount);
    screen_put_right(y, box->x + box->columns, box->columns, STYLE_TEXT, amount);
}

static void paint_row(struct form *form, const struct form_layout *layout, const struct sums *sums,
                      size_t row)
{
    int y = layout->header_y + 1 + (int)(row - form->grid.first);
    size_t number;
    size_t line = line_of_row(sums, row, &number);
    char digits[24];
    snprintf(digits, sizeof digits, "%zu", number);
    bool has_focus = form_in_rows(form) && form->grid.row == row;
    screen_put_right(y, 3, 3, label_style(has_focus, STYLE_FAINT), digits);
    for (size_t column = 0; column < form->grid.columns; column++)
        paint_cell(form, layout, row, column, line == NO_LINE || has_focus);
    paint_derived(form, layout, sums, line, y);
}

static void paint_lines(struct form *form, const struct form_layout *layout,
                        const struct sums *sums)
{
    if (!form->grid.field) return;
    paint_header(form, layout);
    size_t end = form->grid.first + (size_t)layout->lines_rows;
    for (size_t row = form->grid.first; row < form->grid.count && row < end; row++)
        paint_row(form, layout, sums, row);
}

static void paint_totals(const struct form *form, const struct form_layout *layout,
                         const struct sums *sums)
{
    const struct totals_place place = {
        .total_y = layout->total_y,
        .shares = layout->shares,
        .columns = screen_columns() - layout->totals_x,
    };
    if (sums->fits)
        totals_paint(form->resource, &sums->amounts,
                     fact_currency(form->resource, &sums->read.values), &place);
    else
        screen_put(layout->total_y, layout->totals_x, place.columns, STYLE_ERROR,
                   _("The sum is too large"));
}

static void paint_button(const struct form *form, const struct form_layout *layout, bool saving)
{
    const struct form_box *box = &layout->fields[form_button(form)];
    const char *words = saving ? _("Saving...") : fact_word(form->resource, WORD_CREATE);
    int space = form_button_columns(form) - 2 - (int)text_width(words);
    char label[128];
    snprintf(label, sizeof label, "[%*s%s%*s]", space / 2, "", words, space - space / 2, "");
    screen_put(box->y, box->x, box->columns,
               form->focus == form_button(form) ? STYLE_BUTTON_FOCUS : STYLE_BUTTON, label);
    if (saving) screen_first(box->y);
}

/* The sentence of the field that has the focus, or what belongs to no field. */
static void paint_message(struct form *form, const struct form_layout *layout)
{
    const struct text_field *focused = form_focused(form);
    const char *sentence = focused && focused->complaint ? focused->complaint : form->message;
    if (!sentence) return;
    int columns = screen_columns() - 2;
    if ((int)text_width(sentence) <= columns) {
        screen_put(layout->message_y, 1, columns, STYLE_ERROR, sentence);
        return;
    }
    int y = layout->totals_y - 1, rows = layout->total_y - y;
    bool beside = frame_rows(layout->totals_x - 2, sentence) <= rows;
    /* What there is no room for beside the sums is read first: but for the total they give way. */
    for (int row = 0; !beside && row < rows; row++)
        screen_fill(y + row, 0, screen_columns(), STYLE_TEXT, ' ');
    frame_wrap(y, 1, beside ? layout->totals_x - 2 : columns, rows, STYLE_ERROR, sentence);
}

static int derived_columns(const struct form *form, const struct sums *sums)
{
    const struct field *rows = form->grid.field;
    int widest = rows ? rows->columns.items[rows->columns.count - 1].width : 0;
    for (size_t i = 0; i < sums->read.values.row_count; i++) {
        char amount[DECIMAL_TEXT_MAX];
        if (!sums->amounts.has_row[i]) continue;
        decimal_format(sums->amounts.rows[i], sums->amounts.digits, amount);
        if ((int)strlen(amount) > widest) widest = (int)strlen(amount);
    }
    return widest;
}

void form_paint(struct form *form, bool saving, struct form_layout *layout)
{
    struct sums sums;
    bool derives = form->resource->derive != NULL;
    form_read_meaning(form, &sums.read);
    sums.fits = !derives || form->resource->derive(&sums.read.values, &sums.amounts);
    form_layout(form, screen_rows(), screen_columns(), derives ? derived_columns(form, &sums) : 0,
                layout);
    paint_fields(form, layout, &sums.read.values);
    paint_lines(form, layout, &sums);
    if (derives) paint_totals(form, layout, &sums);
    paint_button(form, layout, saving);
    paint_message(form, layout);
    if (saving) screen_cursor(-1, -1);
}
