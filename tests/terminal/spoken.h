/* What a program has written to its terminal, held against what that terminal's terminfo entry
 * gives it to say. */
#ifndef INVONCE_TESTS_TERMINAL_SPOKEN_H
#define INVONCE_TESTS_TERMINAL_SPOKEN_H

#include <stdbool.h>
#include <stddef.h>

/* There is a terminfo entry of that name here. */
bool spoken_is_known(const char *term);

/* NULL when all of it is text that does nothing (UTF-8 without control, format or bidirectional
 * characters), a sequence that the entry `term` has for painting, or one that the form makes on
 * purpose (the mouse, bracketed paste); else a sentence with what stands there, the caller's to
 * free. */
char *spoken_complaint(const char *term, const char *bytes, size_t length);

#endif
