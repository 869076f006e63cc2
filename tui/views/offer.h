/* Shows a draft that an earlier run left behind, to be gone on with or not. */
#ifndef INVONCE_TUI_VIEW_OFFER_H
#define INVONCE_TUI_VIEW_OFFER_H

#include "protocol/wire/resource.h"

#include <stdint.h>

struct offer_view {
    const struct resource *resource;
    const char *body; /* the draft: JSON text */
    int64_t saved_ms; /* wall clock */
};

void offer_paint(const struct offer_view *view);

#endif
