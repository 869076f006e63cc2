/* The sums under the lines of a form: net, tax a rate, total. */
#ifndef INVONCE_TUI_TOTALS_H
#define INVONCE_TUI_TOTALS_H

#include "protocol/wire/resources/invoice.h"

struct totals_place {
    int total_y;  /* of the last row; the others stand above it */
    int tax_rows; /* 1 to SUMS_TAX_ROWS_MAX */
    int columns;  /* to the right edge; large amounts take more */
};

void totals_paint(const struct invoice_totals *totals, const char *currency,
                  const struct totals_place *place);

#endif
