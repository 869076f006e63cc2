#include "tui/views/amounts.h"

#include "tui/form/align.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <stdio.h>

#define SUM_ROWS           3
#define NUMBER_COLUMNS     3
#define DESCRIPTION_X      5
#define DESCRIPTION_MIN    12
#define AMOUNT_COLUMNS_MAX 24
#define TOTALS_COLUMNS     36

enum amount { AMOUNT_QUANTITY, AMOUNT_UNIT_PRICE, AMOUNT_TAX_RATE, AMOUNT_NET, AMOUNTS };

struct amount_column {
    int end;
    struct align align;
};

static const int columns_min[AMOUNTS] = {
    [AMOUNT_QUANTITY] = 9, [AMOUNT_UNIT_PRICE] = 10, [AMOUNT_TAX_RATE] = 5, [AMOUNT_NET] = 11};

static const char *amount_text(const struct record *record, size_t line, enum amount amount)
{
    const struct values_row *texts = &record->document.values.rows[line];
    const char *text = NULL;
    switch (amount) {
    case AMOUNT_QUANTITY:
        text = texts->texts[LINE_QUANTITY];
        break;
    case AMOUNT_UNIT_PRICE:
        text = texts->texts[LINE_UNIT_PRICE];
        break;
    case AMOUNT_TAX_RATE:
        text = texts->texts[LINE_TAX_RATE];
        break;
    case AMOUNT_NET:
        text = record->document.values.rows[line].texts[LINE_NET];
        break;
    case AMOUNTS:
        break;
    }
    return text ? text : "";
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* The sums stand under the nets. */
static void measure_sums(const struct record *record, struct align *align)
{
    align_measure(align, or_empty(record->document.values.texts[INVOICE_NET]));
    align_measure(align, or_empty(record->document.values.texts[INVOICE_TAX]));
    align_measure(align, or_empty(record->document.values.texts[INVOICE_GROSS]));
}

static void measure(const struct record *record, struct amount_column columns[AMOUNTS])
{
    int end = screen_columns();
    for (int amount = AMOUNT_NET; amount >= 0; amount--) {
        struct amount_column *column = &columns[amount];
        *column = (struct amount_column){.end = end};
        for (size_t line = 0; line < record->document.values.row_count; line++) {
            align_measure(&column->align, amount_text(record, line, amount));
        }
        if (amount == AMOUNT_NET) measure_sums(record, &column->align);
        int width = align_columns(&column->align);
        if (width < columns_min[amount]) width = columns_min[amount];
        if (width > AMOUNT_COLUMNS_MAX) width = AMOUNT_COLUMNS_MAX;
        int room = end - DESCRIPTION_X - DESCRIPTION_MIN;
        if (width > room) width = room > 1 ? room : 1;
        end -= width + (amount == AMOUNT_NET || amount == AMOUNT_QUANTITY ? 1 : 2);
    }
}

static void paint_line(const struct record *record, size_t line, int y,
                       const struct amount_column columns[AMOUNTS])
{
    char number[24];
    snprintf(number, sizeof number, "%zu", line + 1);
    screen_put_right(y, NUMBER_COLUMNS, NUMBER_COLUMNS, STYLE_FAINT, number);
    int left = columns[AMOUNT_QUANTITY].end;
    for (int amount = 0; amount < AMOUNTS; amount++) {
        const struct amount_column *column = &columns[amount];
        const char *text = amount_text(record, line, amount);
        int start = align_start(&column->align, column->end, text);
        if (start < 0) start = 0;
        screen_put(y, start, column->end - start, STYLE_TEXT, text);
        if (start < left) left = start;
    }
    const char *description = record->document.values.rows[line].texts[LINE_DESCRIPTION];
    screen_put(y, DESCRIPTION_X, left - DESCRIPTION_X - 1, STYLE_TEXT,
               description ? description : "");
}

static void paint_sum(int y, enum style style, const char *label, const char *amount,
                      const struct amount_column *net)
{
    int start = align_start(&net->align, net->end, or_empty(amount));
    if (start < net->end - AMOUNT_COLUMNS_MAX) start = net->end - AMOUNT_COLUMNS_MAX;
    screen_put(y, net->end - TOTALS_COLUMNS, TOTALS_COLUMNS, style, label);
    screen_put(y, start, net->end - start, style, or_empty(amount));
}

static size_t rows_for_lines(int y, int end)
{
    return end - y > SUM_ROWS ? (size_t)(end - y - SUM_ROWS) : 0;
}

size_t amounts_first_max(const struct record *record, int y, int end)
{
    size_t rows = rows_for_lines(y, end);
    size_t count = record->document.values.row_count;
    return count > rows ? count - rows : 0;
}

size_t amounts_paint(const struct record *record, size_t first, int y, int end)
{
    struct amount_column columns[AMOUNTS];
    measure(record, columns);
    size_t rows = rows_for_lines(y, end);
    size_t count = record->document.values.row_count;
    size_t shown = 0;
    while (shown < rows && first + shown < count) {
        paint_line(record, first + shown, y++, columns);
        shown++;
    }
    char total[32];
    const char *currency = record->document.values.texts[INVOICE_CURRENCY];
    snprintf(total, sizeof total, "%s  %.8s", _("Total"), currency ? currency : "");
    const struct amount_column *net = &columns[AMOUNT_NET];
    paint_sum(y, STYLE_TEXT, _("Net"), record->document.values.texts[INVOICE_NET], net);
    paint_sum(y + 1, STYLE_TEXT, _("Tax"), record->document.values.texts[INVOICE_TAX], net);
    paint_sum(y + 2, STYLE_STRONG, total, record->document.values.texts[INVOICE_GROSS], net);
    return shown;
}
