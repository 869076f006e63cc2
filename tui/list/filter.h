/* Which records are wanted: by their issue date, and by a part of their number or customer. */
#ifndef INVONCE_TUI_FILTER_H
#define INVONCE_TUI_FILTER_H

#include "protocol/wire/json.h"
#include "protocol/wire/resource.h"

#include <stdbool.h>

/* As typed, borrowed; NULL: any. */
struct filter {
    const char *since, *until; /* days, both included */
    const char *number, *customer;
    char *number_folded, *customer_folded; /* owned; made by filter_prepare */
};

/* False: out of memory. To be cleared in either case. */
bool filter_prepare(struct filter *filter);
void filter_clear(struct filter *filter);

/* The path of the list, with all of the filter that the server knows: whole years. The caller's;
 * NULL: out of memory. */
char *filter_path(const struct filter *filter, const struct resource *resource, int limit);

bool filter_wants(const struct filter *filter, const struct resource *resource,
                  const struct json *record);

#endif
