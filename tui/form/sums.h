/* The sums of what is typed as rows of text: net, tax a rate, total. Pure. */
#ifndef INVONCE_TUI_SUMS_H
#define INVONCE_TUI_SUMS_H

#include "protocol/wire/decimal.h"
#include "protocol/wire/resource.h"
#include "tui/form/grouped.h"

#include <stddef.h>

#define SUMS_SHARES_MAX 8
#define SUMS_MAX        (RESOURCE_FIELDS_MAX + SUMS_SHARES_MAX)
#define SUMS_LABEL_SIZE 128

struct sum {
    char label[SUMS_LABEL_SIZE];
    char amount[GROUPED_SIZE];
};

struct sum_rows {
    struct sum rows[SUMS_MAX];
    size_t count;
};

/* `shares`, 1 to SUMS_SHARES_MAX: the rates that there is no row for are one sum. */
void sums_make(const struct resource *resource, const struct amounts *amounts, const char *currency,
               size_t shares, struct sum_rows *sums);

/* The sums of a record, as it says them, long ones in parts; with a tax a rate where they are what
 * its rows come to: another server may count otherwise. One that is too long to be an amount is
 * "…". */
void sums_of_record(const struct resource *resource, const struct record *record, size_t shares,
                    struct sum_rows *sums);

#endif
