/* What is said to somebody who has no server yet, or no token for it: what is missing, and the
 * commands that put it right. */
#ifndef INVONCE_TUI_FIRST_STEPS_H
#define INVONCE_TUI_FIRST_STEPS_H

#include <stddef.h>
#include <stdio.h>

enum missing { MISSING_NOTHING, MISSING_SERVER, MISSING_TOKEN, MISSING_KNOWN_TOKEN };

struct first_step {
    const char *who;         /* it is for; not translated yet */
    const char *commands[2]; /* the second may be NULL */
};

/* In a sentence, translated. */
const char *first_steps_missing(enum missing missing);

/* Rows of the table, from 0; NULL past the last. */
const struct first_step *first_step(size_t index);

/* Where to look whether it is right now, translated. */
const char *first_steps_look(void);

/* All but the sentence, as text. */
void first_steps_print(FILE *out);

#endif
