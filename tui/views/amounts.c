#include "tui/views/amounts.h"

#include "protocol/wire/text.h"
#include "tui/form/align.h"
#include "tui/form/facts.h"
#include "tui/form/grouped.h"
#include "tui/form/sums.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <assert.h>
#include <stdio.h>

#define NUMBER_COLUMNS     3
#define TEXT_X             5
#define TEXT_COLUMNS_MIN   12
#define AMOUNT_COLUMNS_MAX 24
#define TOTALS_COLUMNS     36
#define SHARES_ROWS_PART   6 /* of the rows, at most one in so many for a tax a rate */
#define GAP                2

/* Where a column of the list is; the first one has what the others leave. */
struct amount_column {
    int end;
    struct align align;
};

static const struct fields *columns_of(const struct resource *resource)
{
    static const struct fields none = {0};
    const struct field *rows = resource_rows(resource);
    return rows ? &rows->columns : &none;
}

static struct sum_rows sums_of(const struct resource *resource, const struct record *record)
{
    struct sum_rows sums;
    size_t shares = (size_t)screen_rows() / SHARES_ROWS_PART;
    sums_of_record(resource, record, shares < SUMS_SHARES_MAX ? shares : SUMS_SHARES_MAX, &sums);
    return sums;
}

/* What stands in a column of a row. */
static const char *amount_at(const struct values_row *row, size_t column, char text[GROUPED_SIZE])
{
    return grouped(fact_text(row->texts[column]), text);
}

/* The sums stand under the last column. */
static void measure_sums(const struct sum_rows *sums, struct align *align)
{
    for (size_t i = 0; i < sums->count; i++)
        align_measure(align, sums->rows[i].amount);
}

static void measure(const struct resource *resource, const struct record *record,
                    const struct sum_rows *sums, struct amount_column columns[RESOURCE_COLUMNS_MAX])
{
    const struct fields *fields = columns_of(resource);
    assert(fields->count <= RESOURCE_COLUMNS_MAX);
    int end = screen_columns();
    char text[GROUPED_SIZE];
    for (size_t i = fields->count; i-- > 1;) {
        struct amount_column *column = &columns[i];
        *column = (struct amount_column){.end = end};
        for (size_t row = 0; row < record->document.values.row_count; row++)
            align_measure(&column->align, amount_at(&record->document.values.rows[row], i, text));
        if (i + 1 == fields->count) measure_sums(sums, &column->align);
        int width = align_columns(&column->align);
        if (width < fields->items[i].width) width = fields->items[i].width;
        if (width > AMOUNT_COLUMNS_MAX) width = AMOUNT_COLUMNS_MAX;
        int room = end - TEXT_X - TEXT_COLUMNS_MIN;
        if (width > room) width = room > 1 ? room : 1;
        end -= width + fact_gap_before(fields, i);
    }
}

static void paint_line(const struct resource *resource, const struct record *record, size_t row,
                       int y, const struct amount_column columns[RESOURCE_COLUMNS_MAX])
{
    const struct fields *fields = columns_of(resource);
    const struct values_row *texts = &record->document.values.rows[row];
    char number[24];
    snprintf(number, sizeof number, "%zu", row + 1);
    screen_put_right(y, NUMBER_COLUMNS, NUMBER_COLUMNS, STYLE_FAINT, number);
    int left = fields->count > 1 ? columns[1].end : screen_columns();
    for (size_t i = 1; i < fields->count; i++) {
        const struct amount_column *column = &columns[i];
        char room[GROUPED_SIZE];
        const char *text = amount_at(texts, i, room);
        int start = align_start(&column->align, column->end, text);
        if (start < 0) start = 0;
        screen_put(y, start, column->end - start, STYLE_TEXT, text);
        if (start < left) left = start;
    }
    screen_put(y, TEXT_X, left - TEXT_X - 1, STYLE_TEXT, fact_text(texts->texts[0]));
}

/* Where the labels begin: at the usual place, unless one needs more room. */
static int label_start(const struct sum_rows *sums, const struct amount_column *column)
{
    int start = column->end - TOTALS_COLUMNS;
    for (size_t i = 0; i < sums->count; i++) {
        const struct sum *sum = &sums->rows[i];
        int own = align_start(&column->align, column->end, sum->amount) - GAP -
                  (int)text_width(sum->label);
        if (own < start) start = own;
    }
    return start > 0 ? start : 0;
}

static void paint_sums(const struct sum_rows *sums, int y, const struct amount_column *column)
{
    int label = label_start(sums, column);
    for (size_t i = 0; i < sums->count; i++, y++) {
        enum style style = i + 1 == sums->count ? STYLE_STRONG : STYLE_TEXT;
        const char *amount = sums->rows[i].amount;
        int start = align_start(&column->align, column->end, amount);
        screen_put(y, label, start - GAP - label, style, sums->rows[i].label);
        screen_put(y, start, column->end - start, style, amount);
    }
}

static size_t rows_for_lines(const struct sum_rows *sums, int y, int end)
{
    int count = (int)sums->count;
    return end - y > count ? (size_t)(end - y - count) : 0;
}

size_t amounts_first_max(const struct resource *resource, const struct record *record, int y,
                         int end)
{
    struct sum_rows sums = sums_of(resource, record);
    size_t rows = rows_for_lines(&sums, y, end);
    size_t count = record->document.values.row_count;
    return count > rows ? count - rows : 0;
}

size_t amounts_paint(const struct resource *resource, const struct record *record, size_t first,
                     int y, int end)
{
    struct amount_column columns[RESOURCE_COLUMNS_MAX] = {{.end = screen_columns()}};
    const struct fields *fields = columns_of(resource);
    struct sum_rows sums = sums_of(resource, record);
    measure(resource, record, &sums, columns);
    size_t rows = rows_for_lines(&sums, y, end);
    size_t count = record->document.values.row_count;
    size_t shown = 0;
    while (shown < rows && first + shown < count) {
        paint_line(resource, record, first + shown, y++, columns);
        shown++;
    }
    paint_sums(&sums, y, &columns[fields->count > 0 ? fields->count - 1 : 0]);
    return shown;
}
