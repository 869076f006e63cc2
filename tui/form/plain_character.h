/* Characters that stand for one of ASCII's where numbers and dates are typed. Pure. */
#ifndef INVONCE_TUI_PLAIN_CHARACTER_H
#define INVONCE_TUI_PLAIN_CHARACTER_H

#include <stddef.h>

/* The character at `at` (UTF-8) as one of ASCII's: a full-width digit as the digit, any dash and
 * the minus as '-', any blank as ' ', the apostrophe that word processors make as '\''. 0 at the
 * end, PLAIN_NONE for others; *bytes: how long it is, 0 at the end. */
#define PLAIN_NONE '\x7F'
char plain_character(const char *at, size_t *bytes);

#endif
