#include "tui/views/amounts.h"

#include "tui/form/align.h"
#include "tui/form/facts.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <assert.h>
#include <stdio.h>

#define NUMBER_COLUMNS     3
#define TEXT_X             5
#define TEXT_COLUMNS_MIN   12
#define AMOUNT_COLUMNS_MAX 24
#define TOTALS_COLUMNS     36

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

static const char *sum_text(const struct record *record, size_t field)
{
    return fact_text(record->document.values.texts[field]);
}

/* The sums stand under the last column. */
static void measure_sums(const struct resource *resource, const struct record *record,
                         struct align *align)
{
    for (size_t i = 0; i < resource->fields.count; i++)
        if (fact_is_sum(&resource->fields.items[i])) align_measure(align, sum_text(record, i));
}

static void measure(const struct resource *resource, const struct record *record,
                    struct amount_column columns[RESOURCE_COLUMNS_MAX])
{
    const struct fields *fields = columns_of(resource);
    assert(fields->count <= RESOURCE_COLUMNS_MAX);
    int end = screen_columns();
    for (size_t i = fields->count; i-- > 1;) {
        struct amount_column *column = &columns[i];
        *column = (struct amount_column){.end = end};
        for (size_t row = 0; row < record->document.values.row_count; row++)
            align_measure(&column->align, fact_text(record->document.values.rows[row].texts[i]));
        if (i + 1 == fields->count) measure_sums(resource, record, &column->align);
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
        const char *text = fact_text(texts->texts[i]);
        int start = align_start(&column->align, column->end, text);
        if (start < 0) start = 0;
        screen_put(y, start, column->end - start, STYLE_TEXT, text);
        if (start < left) left = start;
    }
    screen_put(y, TEXT_X, left - TEXT_X - 1, STYLE_TEXT, fact_text(texts->texts[0]));
}

static void paint_sum(int y, enum style style, const char *label, const char *amount,
                      const struct amount_column *column)
{
    int start = align_start(&column->align, column->end, amount);
    if (start < column->end - AMOUNT_COLUMNS_MAX) start = column->end - AMOUNT_COLUMNS_MAX;
    screen_put(y, column->end - TOTALS_COLUMNS, TOTALS_COLUMNS, style, label);
    screen_put(y, start, column->end - start, style, amount);
}

static void paint_sums(const struct resource *resource, const struct record *record, int y,
                       const struct amount_column *column)
{
    size_t total = fact_of_total(resource);
    for (size_t i = 0; i < resource->fields.count; i++) {
        char label[TOTALS_COLUMNS * 4];
        const struct field *field = &resource->fields.items[i];
        if (!fact_is_sum(field)) continue;
        const char *currency = fact_currency(resource, &record->document.values);
        snprintf(label, sizeof label, "%s%s%.8s", _(field->label), i == total ? "  " : "",
                 i == total ? currency : "");
        paint_sum(y++, i == total ? STYLE_STRONG : STYLE_TEXT, label, sum_text(record, i), column);
    }
}

static size_t rows_for_lines(const struct resource *resource, int y, int end)
{
    int sums = 0;
    for (size_t i = 0; i < resource->fields.count; i++)
        sums += fact_is_sum(&resource->fields.items[i]);
    return end - y > sums ? (size_t)(end - y - sums) : 0;
}

size_t amounts_first_max(const struct resource *resource, const struct record *record, int y,
                         int end)
{
    size_t rows = rows_for_lines(resource, y, end);
    size_t count = record->document.values.row_count;
    return count > rows ? count - rows : 0;
}

size_t amounts_paint(const struct resource *resource, const struct record *record, size_t first,
                     int y, int end)
{
    struct amount_column columns[RESOURCE_COLUMNS_MAX] = {{.end = screen_columns()}};
    const struct fields *fields = columns_of(resource);
    measure(resource, record, columns);
    size_t rows = rows_for_lines(resource, y, end);
    size_t count = record->document.values.row_count;
    size_t shown = 0;
    while (shown < rows && first + shown < count) {
        paint_line(resource, record, first + shown, y++, columns);
        shown++;
    }
    paint_sums(resource, record, y, &columns[fields->count > 0 ? fields->count - 1 : 0]);
    return shown;
}
