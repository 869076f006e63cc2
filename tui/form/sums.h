/* The sums of an invoice as rows of text: net, tax a rate, total. Pure. */
#ifndef INVONCE_TUI_SUMS_H
#define INVONCE_TUI_SUMS_H

#include "protocol/wire/decimal.h"
#include "protocol/wire/resources/invoice.h"

#include <stddef.h>

#define SUMS_TAX_ROWS_MAX 8
#define SUMS_LABEL_SIZE   128

struct sum {
    char label[SUMS_LABEL_SIZE];
    char amount[DECIMAL_TEXT_MAX];
};

struct sum_rows {
    struct sum rows[SUMS_TAX_ROWS_MAX + 2];
    size_t count;
};

/* `tax_rows`, 1 to SUMS_TAX_ROWS_MAX: the rates that there is no row for are one sum. */
void sums_make(const struct invoice_totals *totals, const char *currency, size_t tax_rows,
               struct sum_rows *sums);

#endif
