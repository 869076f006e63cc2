/* Text in lines of so many columns. Pure. */
#ifndef INVONCE_TUI_WRAP_H
#define INVONCE_TUI_WRAP_H

#include <stddef.h>

/* How many bytes of `text` stand in a line of `columns` (1 or more), broken between words where
 * that can be, and at a line break always; *next is where the line after it begins. */
size_t wrap_line(const char *text, size_t columns, size_t *next);

#endif
