#include "tui/form/sums.h"

#include "tui/form/align.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

static char *add(struct sum_rows *sums, const struct invoice_totals *totals, int64_t units)
{
    struct sum *sum = &sums->rows[sums->count++];
    decimal_format(units, totals->minor_digits, sum->amount);
    return sum->label;
}

/* What the first `count` shares take, so that they align: the rates before their points, as they
 * are of different lengths, and the bases, whose decimals are the currency's. */
struct share_columns {
    struct align rate;
    int base;
};

static struct share_columns measure(const struct invoice_totals *totals, size_t count)
{
    struct share_columns columns = {0};
    for (size_t i = 0; i < count; i++) {
        char base[DECIMAL_TEXT_MAX];
        decimal_format(totals->taxes[i].net, totals->minor_digits, base);
        if ((int)strlen(base) > columns.base) columns.base = (int)strlen(base);
        align_measure(&columns.rate, totals->taxes[i].rate);
    }
    return columns;
}

/* The rate with blanks around it. */
static void pad_rate(const struct share_columns *columns, const char *rate, char padded[32])
{
    int total = align_columns(&columns->rate);
    int before = align_start(&columns->rate, total, rate);
    if (before < 0) before = 0;
    int behind = total - before - (int)strlen(rate);
    snprintf(padded, 32, "%*s%.12s%*s", before, "", rate, behind > 0 ? behind : 0, "");
}

static void add_taxes(struct sum_rows *sums, const struct invoice_totals *totals, size_t rows)
{
    size_t shown = totals->tax_count <= rows ? totals->tax_count : rows - 1;
    struct share_columns columns = measure(totals, shown);
    int64_t rest = totals->tax;
    for (size_t i = 0; i < shown; i++) {
        const struct invoice_tax *share = &totals->taxes[i];
        char base[DECIMAL_TEXT_MAX], rate[32];
        decimal_format(share->net, totals->minor_digits, base);
        pad_rate(&columns, share->rate, rate);
        snprintf(add(sums, totals, share->tax), SUMS_LABEL_SIZE, _("Tax %.12s %% of %*s"), rate,
                 columns.base, base);
        rest -= share->tax;
    }
    if (shown == totals->tax_count) return;
    snprintf(add(sums, totals, rest), SUMS_LABEL_SIZE, _("Tax, %zu other rates"),
             totals->tax_count - shown);
}

void sums_make(const struct invoice_totals *totals, const char *currency, size_t tax_rows,
               struct sum_rows *sums)
{
    sums->count = 0;
    snprintf(add(sums, totals, totals->net), SUMS_LABEL_SIZE, "%s", _("Net"));
    add_taxes(sums, totals, tax_rows);
    snprintf(add(sums, totals, totals->gross), SUMS_LABEL_SIZE, "%s  %s", _("Total"), currency);
}
