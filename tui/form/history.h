/* What is being typed, step by step: undoing goes back, redoing forward again. Whole states as
 * bytes; what they mean it doesn't know. No screen in it. */
#ifndef INVONCE_TUI_HISTORY_H
#define INVONCE_TUI_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#define HISTORY_STEPS_MAX 200
#define HISTORY_BYTES_MAX ((size_t)4 * 1024 * 1024) /* of all states together, but for one */

enum history_change {
    HISTORY_TYPED,  /* characters one after the other: a run of them is one step */
    HISTORY_ERASED, /* the same, removing */
    HISTORY_CHANGED,
};

/* Where the cursor is: moving it is no step, and a step back moves it to where the change was. */
struct history_spot {
    size_t place, row, column, cursor;
    unsigned marks; /* what else is to be as it was, and is no change by itself */
};

struct history_state {
    char *bytes; /* malloc'ed */
    size_t length;
    struct history_spot spot;
};

struct history_step {
    char *bytes;
    size_t length;
    struct history_spot came, left; /* behind the change that led here; before the next one */
    enum history_change change;     /* that led here */
};

/* All zeros is empty. */
struct history {
    struct history_step steps[HISTORY_STEPS_MAX]; /* oldest first */
    size_t count;
    size_t at; /* the one that is now */
};

void history_clear(struct history *history);

/* Before a key: how it stands. What has changed since the key before did so by itself, and is no
 * step. Takes the bytes over. */
void history_settle(struct history *history, struct history_state state);

/* Behind a key that may have changed something: a step if it did. Takes the bytes over. */
void history_note(struct history *history, struct history_state state, enum history_change change);

/* Before all there is, and the one that is now: what follows can be gone forward to as before.
 * Takes the bytes over. */
void history_precede(struct history *history, struct history_state state);

/* The state before (its spot is `left`), and the one after it again (its spot is `came`). NULL:
 * there is none. Valid until the next call. */
const struct history_step *history_back(struct history *history);
const struct history_step *history_forward(struct history *history);

#endif
