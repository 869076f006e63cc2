/* What the journal still has open for this account, and what other windows make of it. */
#ifndef INVONCE_TUI_WAITING_H
#define INVONCE_TUI_WAITING_H

#include "protocol/client/journal.h"

#include <stddef.h>
#include <stdint.h>

struct waiting {
    struct journal *journal;
    struct journal_entry *entries; /* oldest first; busy: in another window */
    size_t count;
    const char *trouble; /* why they can't be told; NULL. Borrowed from the journal */
    char *news;          /* what became of one that another window had; NULL: nothing to tell */
    int64_t due_ms;      /* of the next look */
};

void waiting_start(struct waiting *waiting, struct journal *journal);
void waiting_stop(struct waiting *waiting);

/* Looks into the journal. `own` and `resumed` are the keys that this window is seeing to itself, ""
 * for none: there is news of the others only. */
void waiting_look(struct waiting *waiting, const char *own, const char *resumed, int64_t now_ms);

#endif
