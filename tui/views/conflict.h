/* Shows a conflict: the original beside what was typed. */
#ifndef INVONCE_TUI_CONFLICT_H
#define INVONCE_TUI_CONFLICT_H

#include "protocol/wire/resource.h"

struct conflict_view {
    const struct resource *resource;
    const struct record *original; /* NULL: the server didn't show it */
    const struct values *typed;
    const char *sentence;
    const char *advice; /* what can be done about it */
};

void conflict_paint(const struct conflict_view *view);

#endif
