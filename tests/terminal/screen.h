/* What a terminal shows, read back: rows of text, attributes, places. */
#ifndef INVONCE_TESTS_TERMINAL_SCREEN_H
#define INVONCE_TESTS_TERMINAL_SCREEN_H

#include "tests/terminal/pty.h"

#include <stdbool.h>
#include <stdio.h>

/* One row as UTF-8 without trailing blanks. The caller's to free. */
char *screen_row(struct pty *pty, int row);

/* The cells `from` to `to` (not included) of one row, blanks and all. The caller's to free. */
char *screen_cells(struct pty *pty, int row, int from, int to);

/* All rows, each ended by LF. The caller's to free. */
char *screen_text(struct pty *pty);

/* The first place of `text` within one row, in cells. False when it isn't there. */
bool screen_find(struct pty *pty, const char *text, int *row, int *col);

bool screen_shows(struct pty *pty, const char *text);

struct screen_look {
    bool bold, dim, reverse, underline, blink;
    bool plain_colours; /* the terminal's own */
    unsigned char foreground[3];
    unsigned char background[3];
};

struct screen_look screen_look_at(struct pty *pty, int row, int col);

/* How the cells of one row look, a letter each, without trailing blanks: ' ' plain, b bold, d dim,
 * r reverse; in the accent colour a, A bold, f dim, i reverse; in red e, E bold, h dim, k reverse;
 * anything else '?'. The caller's to free. */
char *screen_looks(struct pty *pty, int row);

/* The screen in a frame, with the cursor's place, for a person to read. */
void screen_dump(struct pty *pty, FILE *file);

#endif
