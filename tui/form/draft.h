/* The draft of what is being typed: written behind the fingers, offered after a crash. What is
 * thrown away stays in the journal until something newer takes its place. */
#ifndef INVONCE_TUI_DRAFT_H
#define INVONCE_TUI_DRAFT_H

#include "protocol/client/journal/journal_draft.h"
#include "tui/form/form.h"

#include <stdbool.h>
#include <stdint.h>

enum draft_fate {
    DRAFT_THROWN, /* not wanted any more */
    DRAFT_WANTED, /* something is typed that nothing else keeps */
    DRAFT_SENT,   /* the journal keeps it otherwise */
};

struct draft {
    const struct resource *resource;
    struct journal *journal;
    int64_t due_ms; /* of the next writing; INT64_MAX: nothing to write */
    enum draft_fate fate;
    bool kept;                  /* the journal has it, but for the last keys */
    bool trouble;               /* the journal doesn't take it */
    int64_t locked_ms;          /* since when it can't be written, the journal being locked; 0 */
    struct journal_draft offer; /* of an earlier run; no body: none */
};

void draft_start(struct draft *draft, const struct resource *resource, struct journal *journal);
void draft_stop(struct draft *draft);

void draft_changed(struct draft *draft, int64_t now_ms); /* something was typed */
void draft_sent(struct draft *draft, int64_t now_ms);
/* What is in the form is about to be thrown away. */
void draft_throw(struct draft *draft, const struct form *form, int64_t now_ms);

/* Writes what is due. True when the picture isn't right any more. */
bool draft_advance(struct draft *draft, const struct form *form, int64_t now_ms);

/* Writes what is not written yet: the program ends. */
void draft_finish(struct draft *draft, const struct form *form);

/* What was typed and could not be written, or was `pressed` and could not be recorded, as JSON
 * text; NULL: nothing. The caller frees. */
char *draft_lost(const struct draft *draft, const struct form *form, bool pressed);

/* Looks for one to offer. */
void draft_look(struct draft *draft);
void draft_leave(struct draft *draft); /* it stays, for the next start */

enum draft_recovery {
    DRAFT_RECOVERED,
    DRAFT_ELSEWHERE, /* none is there any more: another window has it */
    DRAFT_NO_MEMORY,
};

/* Fills the form with what is offered, and offers it no longer. */
enum draft_recovery draft_recover(struct draft *draft, struct form *form);
/* The same with what was thrown away last. */
enum draft_recovery draft_bring_back(struct draft *draft, struct form *form);

#endif
