/* What the records of a list come to, each, and in sum, one a currency. Pure. */
#ifndef INVONCE_TUI_LIST_SUMS_H
#define INVONCE_TUI_LIST_SUMS_H

#include "protocol/wire/decimal.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resource.h"
#include "tui/form/grouped.h"

#include <stdbool.h>
#include <stddef.h>

#define LIST_SUMS_MAX     8 /* of more currencies than that the others aren't told */
#define LIST_SUM_CURRENCY 4

struct list_sum {
    char currency[LIST_SUM_CURRENCY];
    int64_t units;   /* of 10^-digits */
    unsigned digits; /* the most decimals that one of them has */
    bool too_long;   /* for an amount */
};

struct list_sums {
    struct list_sum sums[LIST_SUMS_MAX]; /* in the order in which they came */
    size_t count;
    size_t records; /* that are in them */
};

/* A record that is merged into another one counts for nothing: that one stands for it. */
void list_sums_add(struct list_sums *sums, const struct resource *resource,
                   const struct json *record);

/* As they are shown; a sum that is too long is "…". Borrowed from `text`. */
const char *list_sum_text(const struct list_sum *sum, char text[GROUPED_SIZE]);
const char *list_total_text(const struct resource *resource, const struct json *record,
                            char text[GROUPED_SIZE]);

#endif
