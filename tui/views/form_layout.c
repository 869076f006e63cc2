#include "tui/views/form_layout.h"

#include "protocol/wire/text.h"
#include "tui/form/facts.h"
#include "tui/form/sums.h"
#include "tui/views/totals.h"
#include "tui/words/words.h"

#define FIRST_ROW          2   /* below the top line and its rule */
#define LONG_COLUMNS_MAX   120 /* of an e-mail address, a name, the notes: more is hard to read */
#define TEXT_X             5
#define TEXT_COLUMNS_MIN   12
#define AMOUNT_COLUMNS_MAX 18
#define TOTALS_COLUMNS     36
#define SHARES_MIN         2
#define FOOT_ROWS_MIN      2 /* with room for a sentence */
#define BUTTON_BORDERS     4 /* "[ " and " ]" */
#define ROWS_OF_THE_SKETCH 24
#define COLUMNS_OF_SKETCH  80

static int min(int a, int b)
{
    return a < b ? a : b;
}

static int max(int a, int b)
{
    return a > b ? a : b;
}

static int label_width(const struct form *form, size_t place)
{
    return (int)text_width(form_label(form, place));
}

/* It has a row of its own, the first of a row with another beside it, or is the other. */
enum part { PART_ALONE, PART_LEFT, PART_RIGHT };

static enum part part_of(const struct form *form, size_t place)
{
    const struct field *next = form_field(form, place + 1);
    if (form_field(form, place)->beside) return PART_RIGHT;
    return next && next->beside ? PART_LEFT : PART_ALONE;
}

/* What is typed in a box of its own, in the places from `first` to before `end`. */
static size_t next_box(const struct form *form, size_t place, size_t end)
{
    while (place < end && (!fact_is_typed(form_field(form, place)) || form_is_rows(form, place)))
        place++;
    return place;
}

static int widest_label(const struct form *form, size_t first, size_t end, enum part part)
{
    int widest = 0;
    for (size_t i = next_box(form, first, end); i < end; i = next_box(form, i + 1, end))
        if (part_of(form, i) == part) widest = max(widest, label_width(form, i));
    return widest;
}

static int box_columns(const struct field *field, int columns)
{
    if (field->kind == FIELD_DATE) return FACT_DATE_COLUMNS;
    if (field->kind == FIELD_CURRENCY) return FACT_CURRENCY_COLUMNS;
    int most = field->max > 0 ? min((int)field->max, LONG_COLUMNS_MAX) : AMOUNT_COLUMNS_MAX;
    return field->width > 0 ? min(field->width + max(columns - COLUMNS_OF_SKETCH, 0), most) : most;
}

static int widest_left(const struct form *form, size_t end, int columns)
{
    int widest = 0;
    for (size_t i = next_box(form, 0, end); i < end; i = next_box(form, i + 1, end))
        if (part_of(form, i) == PART_LEFT)
            widest = max(widest, box_columns(form_field(form, i), columns));
    return widest;
}

int form_button_columns(const struct form *form)
{
    return max((int)text_width(fact_word(form->resource, WORD_CREATE)),
               (int)text_width(_("Saving..."))) +
           BUTTON_BORDERS;
}

static void place_field(struct form_layout *layout, size_t place, int y, int label_x, int x,
                        int columns)
{
    layout->label_x[place] = label_x;
    layout->fields[place] = (struct form_box){y, x, columns};
}

/* The fields from `first` to before `end`, from row `y` on. The row below. */
static int place_fields(const struct form *form, struct form_layout *layout, size_t first,
                        size_t end, int y, int columns)
{
    const int x[] = {
        [PART_ALONE] = 1 + widest_label(form, first, end, PART_ALONE) + 2,
        [PART_LEFT] = 1 + widest_label(form, first, end, PART_LEFT) + 2,
    };
    int right_label = x[PART_LEFT] + widest_left(form, end, columns) + 2;
    int right = right_label + widest_label(form, first, end, PART_RIGHT) + 1;
    for (size_t i = next_box(form, first, end); i < end; i = next_box(form, i + 1, end)) {
        enum part part = part_of(form, i);
        int width = box_columns(form_field(form, i), columns);
        if (part == PART_RIGHT) {
            place_field(layout, i, y++, right_label, right, min(width, columns - right - 1));
        } else {
            place_field(layout, i, y, 1, x[part], min(width, columns - x[part] - 1));
            y += part == PART_ALONE;
        }
    }
    return y;
}

static void place_foot(const struct form *form, struct form_layout *layout, int rows, int columns)
{
    size_t lines = fact_of_kind(form->resource, FIELD_ROWS), button = form_button(form);
    int below = 0, sums = 0;
    for (size_t i = next_box(form, lines, button); i < button; i = next_box(form, i + 1, button))
        below++;
    for (size_t i = 0; i < button; i++)
        sums += fact_is_sum(form_field(form, i));
    layout->message_y = rows - 3;
    layout->total_y = rows - 4;
    layout->shares = min(SHARES_MIN + (rows - ROWS_OF_THE_SKETCH) / 3, SUMS_SHARES_MAX);
    layout->totals_y = layout->total_y + 1 - (sums > 0 ? sums - 1 + layout->shares : FOOT_ROWS_MIN);
    layout->totals_x = columns - TOTALS_COLUMNS;
    place_field(layout, button, layout->total_y, 1, 1, form_button_columns(form));
    int lines_y = layout->header_y + 1, foot_y = layout->totals_y - 1 - below;
    place_fields(form, layout, lines, button, foot_y, columns);
    layout->lines_rows = max(foot_y - lines_y, 1);
}

static int measure_amounts(const struct form *form, struct align *align, size_t column)
{
    const struct field *field = &form->grid.field->columns.items[column];
    for (size_t row = 0; row < form->grid.count; row++)
        align_measure(align, text_field_text(grid_cell(&form->grid, row, column)));
    int least = field->width > 0 ? field->width : (int)text_width(_(field->label));
    return max(min(align_columns(align), AMOUNT_COLUMNS_MAX), least);
}

/* From the right edge; the first column has what is left. */
static void place_columns(const struct form *form, struct form_layout *layout, int columns,
                          int derived_columns)
{
    const struct field *field = form->grid.field;
    if (!field) return;
    int y = layout->header_y + 1, end = columns;
    for (size_t column = field->columns.count; column-- > 1;) {
        int width = derived_columns;
        if (column < form->grid.columns) {
            int room = end - TEXT_X - TEXT_COLUMNS_MIN - 1;
            width = max(min(measure_amounts(form, &layout->aligns[column], column), room), 1);
        }
        layout->cells[column] = (struct form_box){y, end - width, width};
        end -= width + fact_gap_before(&field->columns, column);
    }
    layout->cells[0] = (struct form_box){y, TEXT_X, end - TEXT_X - 1};
}

void form_layout(struct form *form, int rows, int columns, int derived_columns,
                 struct form_layout *layout)
{
    size_t lines = fact_of_kind(form->resource, FIELD_ROWS);
    *layout = (struct form_layout){0};
    layout->header_y = place_fields(form, layout, 0, lines, FIRST_ROW, columns) + 1;
    layout->beside = form_button(form);
    for (size_t i = next_box(form, 0, lines); i < lines; i = next_box(form, i + 1, lines))
        if (part_of(form, i) == PART_RIGHT) layout->beside = i;
    place_foot(form, layout, rows, columns);
    place_columns(form, layout, columns, derived_columns);
    grid_scroll(&form->grid, (size_t)layout->lines_rows);
}

int form_cell_x(const struct form *form, const struct form_layout *layout, size_t row,
                size_t column)
{
    const struct form_box *box = &layout->cells[column];
    if (column == 0) return box->x;
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
    size_t lines = fact_of_kind(form->resource, FIELD_ROWS);
    int line = y - layout->header_y - 1;
    if (lines == form_button(form)) return false;
    if (line < 0 || line >= layout->lines_rows) return false;
    size_t row = form->grid.first + (size_t)line;
    if (row >= form->grid.count) return false;
    for (size_t column = 0; column < form->grid.columns; column++) {
        struct form_box box = layout->cells[column];
        box.y = y;
        if (!is_in(&box, y, x)) continue;
        int column_in_text = max(x - form_cell_x(form, layout, row, column), 0);
        point(form, grid_cell(&form->grid, row, column), column_in_text);
        form->focus = lines;
        form->grid.row = row;
        form->grid.column = column;
        return true;
    }
    return false;
}

void form_click(struct form *form, const struct form_layout *layout, int y, int x)
{
    if (click_lines(form, layout, y, x)) return;
    size_t button = form_button(form);
    for (size_t place = next_box(form, 0, button); place < button;
         place = next_box(form, place + 1, button)) {
        const struct form_box *box = &layout->fields[place];
        if (!is_in(box, y, x)) continue;
        point(form, &form->fields[place], x - box->x);
        form->focus = place;
    }
}
