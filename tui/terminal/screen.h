/* The screen: ncurses set up, painted to, and put back as it was, however the program ends.
 * Only it, draw and terminfo know ncurses. */
#ifndef INVONCE_TUI_SCREEN_H
#define INVONCE_TUI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#define SCREEN_ROWS_MIN     24
#define SCREEN_COLUMNS_MIN  80
#define SCREEN_SENTENCE_MAX 200

/* What a text is, and so how it looks: one accent for what has the focus, red for errors only. */
enum style {
    STYLE_TEXT,
    STYLE_FAINT,  /* rules, empty places */
    STYLE_STRONG, /* headings, sums */
    STYLE_FOCUS,
    STYLE_SELECTED, /* what is typed next takes its place */
    STYLE_ERROR,
    STYLE_BUTTON,
    STYLE_BUTTON_FOCUS,
    STYLES
};

/* The terminal (TERM) is known, and a cursor can be put where it is wanted. */
bool screen_is_able(void);

/* Takes over the terminal of standard input and output. False with a sentence. */
bool screen_open(char sentence[SCREEN_SENTENCE_MAX]);
void screen_close(void); /* also at exit() */

/* Puts the terminal back with async-signal-safe calls only: for a crash. */
void screen_restore(void);

/* Gives the terminal back for a while, and takes it again. */
void screen_leave(void);
void screen_return(void);

void screen_resized(void); /* SIGWINCH came */
void screen_redraw(void);  /* the next picture is painted from nothing */
int screen_rows(void);
int screen_columns(void);

/* One picture: begin (all blank; `dimmed` for all of it), put, show. */
void screen_begin(bool dimmed);
void screen_show(void);

/* This row is shown before the others are: what is waited for, where the terminal is slow. */
void screen_first(int y);

/* From here to the end of the picture columns are counted from `x`, and there are `columns` of
 * them; only what is put then is dimmed. A cursor that was put before stays. */
void screen_area(int x, int columns, bool dimmed);

/* Puts `text` at row `y` from column `x`, made safe, cut to `columns` (the last one then shows an
 * ellipsis). Returns the columns that it took. */
int screen_put(int y, int x, int columns, enum style style, const char *text);

/* The same, ending before column `end`. */
void screen_put_right(int y, int end, int columns, enum style style, const char *text);

void screen_fill(int y, int x, int columns, enum style style, char character);
void screen_rule(int y);        /* a line from edge to edge */
void screen_column_rule(int x); /* and one from top to bottom */

void screen_cursor(int y, int x); /* shown there with this picture; else hidden */

#endif
