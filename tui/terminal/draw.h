/* Text brought to ncurses so that each character stands in the column that is counted here. */
#ifndef INVONCE_TUI_DRAW_H
#define INVONCE_TUI_DRAW_H

#include "tui/terminal/strokes.h"

#include <stddef.h>

/* Most of a picture is plain ASCII: safe as it is, a column a byte. The columns of such a text, -1
 * for any other. */
int draw_plain_columns(const char *text);

/* What fits of safe text, in whole characters: its columns, and its bytes. */
int draw_fit(const char *text, int columns, size_t *length);

void draw_row(const struct strokes *strokes, int y);

#endif
