#include "tui/views/totals.h"

#include "protocol/wire/decimal.h"
#include "protocol/wire/text.h"
#include "tui/terminal/screen.h"
#include "tui/words.h"

#include <stdio.h>
#include <string.h>

#define ROWS_MAX   (TOTALS_TAX_ROWS_MAX + 2)
#define LABEL_SIZE 128
#define GAP        2

struct sum {
    char label[LABEL_SIZE];
    char amount[DECIMAL_TEXT_MAX];
};

struct sums {
    struct sum rows[ROWS_MAX];
    size_t count;
};

static char *add(struct sums *sums, const struct invoice_totals *totals, int64_t units)
{
    struct sum *sum = &sums->rows[sums->count++];
    decimal_format(units, totals->minor_digits, sum->amount);
    return sum->label;
}

/* Columns of the widest base of the first `count` shares, so that they align. */
static int base_columns(const struct invoice_totals *totals, size_t count)
{
    size_t widest = 0;
    for (size_t i = 0; i < count; i++) {
        char base[DECIMAL_TEXT_MAX];
        decimal_format(totals->taxes[i].net, totals->minor_digits, base);
        if (strlen(base) > widest) widest = strlen(base);
    }
    return (int)widest;
}

/* Those that there is no row for are one sum. */
static void add_taxes(struct sums *sums, const struct invoice_totals *totals, size_t rows)
{
    size_t shown = totals->tax_count <= rows ? totals->tax_count : rows - 1;
    int columns = base_columns(totals, shown);
    int64_t rest = totals->tax;
    for (size_t i = 0; i < shown; i++) {
        const struct invoice_tax *share = &totals->taxes[i];
        char base[DECIMAL_TEXT_MAX];
        decimal_format(share->net, totals->minor_digits, base);
        snprintf(add(sums, totals, share->tax), LABEL_SIZE, _("Tax %.12s %% of %*s"), share->rate,
                 columns, base);
        rest -= share->tax;
    }
    if (shown == totals->tax_count) return;
    snprintf(add(sums, totals, rest), LABEL_SIZE, _("Tax, %zu other rates"),
             totals->tax_count - shown);
}

/* Where the labels begin: at the usual place, unless a row needs more. */
static int start_of(const struct sums *sums, const struct totals_place *place)
{
    int columns = place->columns;
    for (size_t i = 0; i < sums->count; i++) {
        int wanted = (int)(text_width(sums->rows[i].label) + GAP + strlen(sums->rows[i].amount));
        if (wanted > columns) columns = wanted;
    }
    return screen_columns() - columns;
}

void totals_paint(const struct invoice_totals *totals, const char *currency,
                  const struct totals_place *place)
{
    struct sums sums = {0};
    snprintf(add(&sums, totals, totals->net), LABEL_SIZE, "%s", _("Net"));
    add_taxes(&sums, totals, (size_t)place->tax_rows);
    snprintf(add(&sums, totals, totals->gross), LABEL_SIZE, "%s  %s", _("Total"), currency);
    int x = start_of(&sums, place);
    int y = place->total_y + 1 - (int)sums.count;
    for (size_t i = 0; i < sums.count; i++, y++) {
        enum style style = y == place->total_y ? STYLE_STRONG : STYLE_TEXT;
        screen_put(y, x, LABEL_SIZE, style, sums.rows[i].label);
        screen_put_right(y, screen_columns(), DECIMAL_TEXT_MAX, style, sums.rows[i].amount);
    }
}
