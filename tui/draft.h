/* The draft of what is being typed: written behind the fingers, offered after a crash. */
#ifndef INVONCE_TUI_DRAFT_H
#define INVONCE_TUI_DRAFT_H

#include "protocol/client/journal_draft.h"
#include "tui/views/form.h"

#include <stdbool.h>
#include <stdint.h>

struct draft {
    struct journal *journal;
    int64_t due_ms;             /* of the next writing; INT64_MAX: nothing to write */
    bool wanted;                /* something is typed that nothing else keeps */
    bool kept;                  /* the journal has it, but for the last keys */
    struct journal_draft offer; /* of an earlier run; no body: none */
};

void draft_start(struct draft *draft, struct journal *journal);
void draft_stop(struct draft *draft);

void draft_changed(struct draft *draft, int64_t now_ms); /* something was typed */
void draft_past(struct draft *draft, int64_t now_ms);    /* it is kept otherwise, or not wanted */

/* Writes what is due. True when the picture isn't right any more. */
bool draft_advance(struct draft *draft, const struct form *form, int64_t now_ms);

/* Writes what is not written yet: the program ends. */
void draft_finish(struct draft *draft, const struct form *form);

/* Looks for one to offer. */
void draft_look(struct draft *draft);
/* Fills the form with what is offered, and offers it no longer. False: out of memory. */
bool draft_recover(struct draft *draft, struct form *form);
void draft_discard(struct draft *draft);
void draft_leave(struct draft *draft); /* it stays, for the next start */

#endif
