#include "tui/views/form_layout.h"

#include "protocol/wire/text.h"
#include "tui/form/sums.h"
#include "tui/views/totals.h"
#include "tui/words/words.h"

#define FIRST_ROW          2  /* below the top line and its rule */
#define NUMBER_COLUMNS     20 /* at 80 columns */
#define DATE_COLUMNS       10
#define CURRENCY_COLUMNS   3
#define LONG_COLUMNS_MAX   120 /* of an e-mail address, a name, the notes: more is hard to read */
#define DESCRIPTION_X      5
#define DESCRIPTION_MIN    12
#define TOTALS_COLUMNS     36
#define TAX_ROWS_MIN       2
#define BUTTON_BORDERS     4 /* "[ " and " ]" */
#define ROWS_OF_THE_SKETCH 24
#define COLUMNS_OF_SKETCH  80

static const int amount_columns_min[GRID_COLUMNS] = {
    [GRID_QUANTITY] = 9, [GRID_UNIT_PRICE] = 10, [GRID_TAX_RATE] = 5};
#define AMOUNT_COLUMNS_MAX 18

static int min(int a, int b)
{
    return a < b ? a : b;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

static int label_width(enum form_place place)
{
    return (int)text_width(form_label(place));
}

int form_button_columns(void)
{
    return max((int)text_width(_("Create invoice")), (int)text_width(_("Saving..."))) +
           BUTTON_BORDERS;
}

static void place_field(struct form_layout *layout, enum form_place place, int y, int label_x,
                        int x, int columns)
{
    layout->label_x[place] = label_x;
    layout->fields[place] = (struct form_box){y, x, columns};
}

static void place_head(struct form_layout *layout, int columns)
{
    int left = 1 + max(label_width(FORM_NUMBER), label_width(FORM_DUE_DATE)) + 2;
    int number = min(NUMBER_COLUMNS + max(columns - COLUMNS_OF_SKETCH, 0), INVOICE_NUMBER_MAX);
    int right_label = left + number + 2;
    int right = right_label + max(label_width(FORM_ISSUE_DATE), label_width(FORM_CURRENCY)) + 1;
    place_field(layout, FORM_NUMBER, FIRST_ROW, 1, left, number);
    place_field(layout, FORM_ISSUE_DATE, FIRST_ROW, right_label, right, DATE_COLUMNS);
    place_field(layout, FORM_DUE_DATE, FIRST_ROW + 1, 1, left, DATE_COLUMNS);
    place_field(layout, FORM_CURRENCY, FIRST_ROW + 1, right_label, right, CURRENCY_COLUMNS);
    int customer = 1 + max(label_width(FORM_EMAIL), label_width(FORM_NAME)) + 2;
    int wide = min(columns - customer - 1, LONG_COLUMNS_MAX);
    place_field(layout, FORM_EMAIL, FIRST_ROW + 2, 1, customer, wide);
    place_field(layout, FORM_NAME, FIRST_ROW + 3, 1, customer, wide);
    layout->header_y = FIRST_ROW + 5;
}

static void place_foot(struct form_layout *layout, int rows, int columns)
{
    layout->message_y = rows - 3;
    layout->total_y = rows - 4;
    layout->tax_rows = min(TAX_ROWS_MIN + (rows - ROWS_OF_THE_SKETCH) / 3, SUMS_TAX_ROWS_MAX);
    layout->totals_y = layout->total_y - layout->tax_rows - 1;
    layout->totals_x = columns - TOTALS_COLUMNS;
    place_field(layout, FORM_BUTTON, layout->total_y, 1, 1, form_button_columns());
    int notes = 1 + label_width(FORM_NOTES) + 2;
    place_field(layout, FORM_NOTES, layout->totals_y - 2, 1, notes,
                min(columns - notes - 1, LONG_COLUMNS_MAX));
    int lines_y = layout->header_y + 1;
    layout->lines_rows = layout->fields[FORM_NOTES].y - lines_y;
    layout->fields[FORM_LINES] = (struct form_box){lines_y, 0, columns};
}

static int measure_amounts(const struct form *form, struct align *align, enum grid_column column)
{
    for (size_t row = 0; row < form->grid.count; row++) {
        align_measure(align, text_field_text(grid_cell(&form->grid, row, column)));
    }
    return max(min(align_columns(align), AMOUNT_COLUMNS_MAX), amount_columns_min[column]);
}

/* From the right edge; the description has what is left. */
static void place_columns(const struct form *form, struct form_layout *layout, int columns,
                          int net_columns)
{
    int y = layout->fields[FORM_LINES].y;
    int end = columns;
    layout->net = (struct form_box){y, end - net_columns, net_columns};
    end -= net_columns + 1;
    for (enum grid_column column = GRID_TAX_RATE; column > GRID_DESCRIPTION; column--) {
        int room = end - DESCRIPTION_X - DESCRIPTION_MIN - 1;
        int width = max(min(measure_amounts(form, &layout->aligns[column], column), room), 1);
        layout->cells[column] = (struct form_box){y, end - width, width};
        end -= width + (column == GRID_QUANTITY ? 1 : 2);
    }
    layout->cells[GRID_DESCRIPTION] = (struct form_box){y, DESCRIPTION_X, end - DESCRIPTION_X - 1};
}

void form_layout(struct form *form, int rows, int columns, int net_columns,
                 struct form_layout *layout)
{
    *layout = (struct form_layout){0};
    place_head(layout, columns);
    place_foot(layout, rows, columns);
    place_columns(form, layout, columns, net_columns);
    grid_scroll(&form->grid, (size_t)layout->lines_rows);
}

int form_cell_x(const struct form *form, const struct form_layout *layout, size_t row,
                enum grid_column column)
{
    const struct form_box *box = &layout->cells[column];
    if (column == GRID_DESCRIPTION) return box->x;
    const char *text = text_field_text(grid_cell(&form->grid, row, column));
    return max(align_start(&layout->aligns[column], box->x + box->columns, text), box->x);
}

static bool is_in(const struct form_box *box, int y, int x)
{
    return y == box->y && x >= box->x && x <= box->x + box->columns;
}

/* A field without the focus is shown from its start. */
static void point(struct form *form, struct text_field *field, int column)
{
    if (field != form_focused(form)) field->first = 0;
    text_field_point(field, (size_t)column);
}

static bool click_lines(struct form *form, const struct form_layout *layout, int y, int x)
{
    int line = y - layout->fields[FORM_LINES].y;
    if (line < 0 || line >= layout->lines_rows) return false;
    size_t row = form->grid.first + (size_t)line;
    if (row >= form->grid.count) return false;
    for (enum grid_column column = 0; column < GRID_COLUMNS; column++) {
        struct form_box box = layout->cells[column];
        box.y = y;
        if (!is_in(&box, y, x)) continue;
        int column_in_text = max(x - form_cell_x(form, layout, row, column), 0);
        point(form, grid_cell(&form->grid, row, column), column_in_text);
        form->focus = FORM_LINES;
        form->grid.row = row;
        form->grid.column = column;
        return true;
    }
    return false;
}

void form_click(struct form *form, const struct form_layout *layout, int y, int x)
{
    if (click_lines(form, layout, y, x)) return;
    for (enum form_place place = 0; place <= FORM_NOTES; place++) {
        const struct form_box *box = &layout->fields[place];
        if (place == FORM_LINES || !is_in(box, y, x)) continue;
        point(form, &form->fields[place], x - box->x);
        form->focus = place;
    }
}
