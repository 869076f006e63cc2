/* Answers, a line each, from a terminal or a pipe; and what is typed when nothing is asked. */
#ifndef INVONCE_TUI_PLAIN_INPUT_H
#define INVONCE_TUI_PLAIN_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#define PLAIN_LINE_MAX 16384 /* bytes; what a line has beyond is left out */

/* All zeros reads standard input from its start. */
struct plain_input {
    char bytes[PLAIN_LINE_MAX + 1];
    size_t length;
    size_t given;  /* of it, the line that was given out last */
    bool skipping; /* the rest of a line that was too long comes next */
    bool ended;    /* there is no more to read */
};

/* Reads what is ready, and doesn't wait. */
void plain_input_read(struct plain_input *input);

/* The next whole line, without its end; NULL: there is none yet, or none any more. Borrowed until
 * the next call. What the input ends with, without a line's end, is no line. */
char *plain_input_next(struct plain_input *input);

/* From here on nothing is asked: a terminal shows nothing of what is typed. */
void plain_input_hold(void);

/* Drops all that was typed. Returns how many Enters were among it. */
unsigned plain_input_drop(struct plain_input *input);

/* What was typed, or pasted, before a question is no answer to it: at a terminal it is let go. */
void plain_input_forget(struct plain_input *input);

/* Lets go again, and of what is typed and not read yet too. */
void plain_input_let_go(void);

/* Puts the terminal back, with async-signal-safe calls only. */
void plain_input_restore(void);

#endif
