/* What is put on each row of a picture, kept until the next one: only a row that has become another
 * need be drawn again. */
#ifndef INVONCE_TUI_STROKES_H
#define INVONCE_TUI_STROKES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text from column `x`, or its one character `columns` times over. */
struct stroke {
    uint32_t attributes;
    uint16_t x, columns; /* columns 0: the text, once */
    uint32_t length;     /* of the text, in bytes; a NUL is behind them */
};

/* Of a screen. All zeros is none. */
struct strokes {
    struct stroke_row *rows;
    int count;
};

void strokes_clear(struct strokes *strokes);

/* A new picture of so many rows. False: out of memory. */
bool strokes_begin(struct strokes *strokes, int rows);

/* Adds one to a row of the picture; without memory that row goes without it. */
void strokes_add(struct strokes *strokes, int row, struct stroke stroke, const char *text);

/* The row isn't as it was in the picture before. */
bool strokes_differ(const struct strokes *strokes, int row);

/* Reads a row's strokes in turn, from *at 0 on. False: there are no more. */
bool strokes_next(const struct strokes *strokes, int row, size_t *at, struct stroke *stroke,
                  const char **text);

/* The screen shows the picture now; or nothing is known any more of what it shows. */
void strokes_shown(struct strokes *strokes);
void strokes_forget(struct strokes *strokes);

#endif
