/* Shows what was refused and not seen yet, and what isn't settled. */
#ifndef INVONCE_TUI_VIEW_OUTBOX_H
#define INVONCE_TUI_VIEW_OUTBOX_H

#include "protocol/client/journal/journal.h"

#include <stddef.h>

struct outbox_view {
    const struct journal_entry *entries; /* the refused first */
    size_t count;
    size_t refused;
    size_t selected;
    const char *own_key; /* what this window is sending; "": nothing */
    const char *trouble; /* why they can't be told; NULL */
};

void outbox_paint(const struct outbox_view *view);

#endif
