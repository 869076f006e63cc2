/* Shows what the server rejected while nobody was looking: what was wrong, and what was typed. */
#ifndef INVONCE_TUI_REFUSED_H
#define INVONCE_TUI_REFUSED_H

#include "protocol/wire/resource.h"
#include "protocol/wire/violations.h"

struct refused_view {
    const struct resource *resource;
    const struct values *typed;
    const char *sentence;
    const struct violations *violations;
};

void refused_paint(const struct refused_view *view);

#endif
