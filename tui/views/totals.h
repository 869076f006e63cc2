/* The sums under the rows of a form: net, tax a rate, total. */
#ifndef INVONCE_TUI_TOTALS_H
#define INVONCE_TUI_TOTALS_H

#include "tui/form/sums.h"

struct totals_place {
    int total_y; /* of the last row; the others stand above it */
    int shares;  /* 1 to SUMS_SHARES_MAX */
    int columns; /* to the right edge; large amounts take more */
};

void totals_paint(const struct resource *resource, const struct amounts *amounts,
                  const char *currency, const struct totals_place *place);

#endif
