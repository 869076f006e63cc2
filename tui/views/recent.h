/* Shows the server's newest invoices, and what is searched for among them. */
#ifndef INVONCE_TUI_VIEW_RECENT_H
#define INVONCE_TUI_VIEW_RECENT_H

#include "tui/terminal/text_field.h"

#include "protocol/wire/resource.h"
#include "tui/form/list_sums.h"
#include <stdbool.h>

#include <stddef.h>

struct recent_view {
    const struct resource *resource;
    struct text_field *search;
    const struct json *const *records; /* what there is to choose from */
    size_t count;
    size_t selected;
    bool chosen;       /* by a key: the cursor stands there, else in the search */
    bool more;         /* there are others still */
    const char *order; /* words */
    const struct list_sums *sums;
    bool asking;         /* there may be more in a moment */
    const char *trouble; /* why there is nothing; NULL */
};

void recent_paint(const struct recent_view *view);

#endif
