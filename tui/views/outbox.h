/* Shows what isn't settled yet. */
#ifndef INVONCE_TUI_VIEW_OUTBOX_H
#define INVONCE_TUI_VIEW_OUTBOX_H

#include "protocol/client/journal.h"

#include <stddef.h>

struct outbox_view {
    const struct journal_entry *entries;
    size_t count;
    const char *own_key; /* what this window sees to; "": nothing */
    const char *trouble; /* why they can't be told; NULL */
};

/* Paints from entry `*first` on, which is brought back to what there is. */
void outbox_paint(const struct outbox_view *view, size_t *first);

#endif
