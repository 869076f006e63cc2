/* What the journal has for a person of this account: what was refused and not seen yet, and what is
 * still open; and what other windows make of it. */
#ifndef INVONCE_TUI_WAITING_H
#define INVONCE_TUI_WAITING_H

#include "protocol/client/journal/journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct waiting {
    struct journal *journal;
    struct journal_entry *entries; /* the refused before the open, each oldest first */
    size_t count;
    size_t refused;                      /* of these */
    char selected[IDEMPOTENCY_KEY_SIZE]; /* in the outbox view; "": the first */
    const char *trouble; /* why they can't be told; NULL. Borrowed from the journal */
    char *news;          /* what became of one that another window had; NULL: nothing to tell */
    int64_t due_ms;      /* of the next look */
};

void waiting_start(struct waiting *waiting, struct journal *journal);
void waiting_stop(struct waiting *waiting);

/* Looks into the journal. The refused one with the key `shown` ("": none) is before the person's
 * eyes already. */
void waiting_look(struct waiting *waiting, const char *shown, int64_t now_ms);

/* The place of the selected one in the list; 0 when it isn't there any more. */
size_t waiting_selected(const struct waiting *waiting);

/* Selects the one so many places on, or the last one on that side. */
void waiting_move(struct waiting *waiting, bool down, size_t places);

/* What has become of one so far (`own_key`: what this window is sending), and what becomes of all
 * of them; translated. */
const char *waiting_state(const struct journal_entry *entry, const char *own_key);
const char *waiting_introduction(size_t refused, size_t count);

#endif
