/* What every view stands in: the top line, the status line and the keys; and text set in rows. */
#ifndef INVONCE_TUI_FRAME_H
#define INVONCE_TUI_FRAME_H

#include "tui/terminal/screen.h"

#define FRAME_TOP    2 /* rows above a view */
#define FRAME_BOTTOM 2 /* rows below it */

/* ` Invonce  north / ana` and the server at the right edge. `account` may be "". */
void frame_top(const char *account, const char *server);

/* What stands at the end of the status line, whatever is said there: in full, and in few characters
 * for where that leaves the text too little room. "", "": nothing. */
struct frame_note {
    char full[64];
    char brief[32];
};

/* The second-last line: one state word, then what there is to say, then the note. */
void frame_status(const char *state, const char *text, const struct frame_note *note);

/* Columns that the text behind the state word has, before the note in brief. */
int frame_status_room(const char *state, const struct frame_note *note);

/* The last line: key and label pairs that fit, in the order given. */
void frame_keys(const char *const *keys, const char *const *labels, size_t count);

/* How many rows of `columns` the text takes when it is set in them. */
int frame_rows(int columns, const char *text);

/* Sets `text` in rows of `columns`, broken at spaces, `rows` of them at most. Returns how many it
 * took. */
int frame_wrap(int y, int x, int columns, int rows, enum style style, const char *text);

#endif
