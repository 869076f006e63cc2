#include "tui/views/sums.h"

#include "tui/words.h"

#include <stdio.h>
#include <string.h>

static char *add(struct sum_rows *sums, const struct invoice_totals *totals, int64_t units)
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

static void add_taxes(struct sum_rows *sums, const struct invoice_totals *totals, size_t rows)
{
    size_t shown = totals->tax_count <= rows ? totals->tax_count : rows - 1;
    int columns = base_columns(totals, shown);
    int64_t rest = totals->tax;
    for (size_t i = 0; i < shown; i++) {
        const struct invoice_tax *share = &totals->taxes[i];
        char base[DECIMAL_TEXT_MAX];
        decimal_format(share->net, totals->minor_digits, base);
        snprintf(add(sums, totals, share->tax), SUMS_LABEL_SIZE, _("Tax %.12s %% of %*s"),
                 share->rate, columns, base);
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
