/* The number that follows another. Pure. */
#ifndef INVONCE_TUI_NEXT_NUMBER_H
#define INVONCE_TUI_NEXT_NUMBER_H

#include <stddef.h>

/* The digits that `number` ends with, plus one, as wide at least: "2026-0099" is followed by
 * "2026-0100", "A-9" by "A-10". Owned by the caller; NULL when it doesn't end with a digit, when
 * the next would be too long for a number, and out of memory. */
char *next_number(const char *number, size_t characters_max);

#endif
