/* What a text was before its last changes: what undoing goes back to. */
#ifndef INVONCE_TUI_TEXT_UNDO_H
#define INVONCE_TUI_TEXT_UNDO_H

#include <stddef.h>

#define TEXT_UNDO_MAX 32 /* changes of one text that can be undone */

enum text_change {
    TEXT_TYPED,  /* characters one after the other: a run of them is one change */
    TEXT_ERASED, /* the same, removing */
    TEXT_REPLACED,
};

struct text_state {
    char *text;
    size_t cursor;
};

/* All zeros is empty. */
struct text_undo {
    struct text_state states[TEXT_UNDO_MAX]; /* oldest first */
    size_t count;
    enum text_change last;
    size_t run_at; /* where the cursor was after the last change: there a run goes on */
};

/* Keeps what the text is, before it changes; a copy. Out of memory there is one step less to undo.
 */
void text_undo_keep(struct text_undo *undo, const char *text, size_t cursor,
                    enum text_change change);

/* The state before the last change, taken off; its text is the caller's. NULL text: none. */
struct text_state text_undo_take(struct text_undo *undo);

void text_undo_clear(struct text_undo *undo);

#endif
