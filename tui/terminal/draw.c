#include "tui/terminal/draw.h"

#include "protocol/wire/text.h"

#include <assert.h>
#include <curses.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

#define CLUSTER_MAX 16  /* code points kept of one grapheme cluster */
#define PLAIN_MAX   256 /* columns of plain text at once */

/* One code point of text that is safe already, with its width on the screen. */
struct shown_character {
    wchar_t character;
    size_t bytes;
    int columns;
};

static struct shown_character shown_character(const char *text)
{
    unsigned char first = (unsigned char)*text;
    if (first < 0x80) return (struct shown_character){(wchar_t)first, 1, 1};
    utf8proc_int32_t code_point;
    utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &code_point);
    if (taken <= 0) return (struct shown_character){0xFFFD, 1, 1};
    char alone[5] = "";
    memcpy(alone, text, (size_t)taken);
    struct shown_character shown = {(wchar_t)code_point, (size_t)taken, (int)text_width(alone)};
    /* What the C library doesn't know as printable, ncurses would write as something else. */
    if (wcwidth(shown.character) < 0) shown.character = 0xFFFD;
    return shown;
}

/* Puts safe text down, one cluster at a time, so that each stands in the column that we count. */
static void draw_safe(int y, int x, const char *text)
{
    wchar_t cluster[CLUSTER_MAX];
    int held = 0;
    int held_x = x;
    while (*text) {
        struct shown_character next = shown_character(text);
        if (next.columns > 0 && held > 0) {
            mvaddnwstr(y, held_x, cluster, held);
            held = 0;
        }
        if (held == 0) held_x = x;
        if (held < CLUSTER_MAX) cluster[held++] = next.character;
        x += next.columns;
        text += next.bytes;
    }
    if (held > 0) mvaddnwstr(y, held_x, cluster, held);
}

static void draw_plain(int y, int x, int columns, attr_t attributes, const char *text)
{
    chtype cells[PLAIN_MAX];
    assert(columns <= PLAIN_MAX);
    for (int i = 0; i < columns; i++)
        cells[i] = (chtype)text[i] | attributes;
    mvaddchnstr(y, x, cells, columns);
}

static void draw_repeated(int y, const struct stroke *stroke, const char *text)
{
    cchar_t cell;
    const wchar_t character[] = {shown_character(text).character, L'\0'};
    setcchar(&cell, character, stroke->attributes, (short)PAIR_NUMBER(stroke->attributes), NULL);
    mvhline_set(y, stroke->x, &cell, stroke->columns);
}

int draw_plain_columns(const char *text)
{
    int length = 0;
    for (; text[length]; length++)
        if (length == PLAIN_MAX || text[length] < ' ' || text[length] > '~') return -1;
    return length;
}

void draw_row(const struct strokes *strokes, int y)
{
    size_t at = 0;
    struct stroke stroke;
    const char *text;
    move(y, 0);
    clrtoeol();
    while (strokes_next(strokes, y, &at, &stroke, &text)) {
        int plain = draw_plain_columns(text);
        attrset((int)stroke.attributes); /* the window's are added to a cell's own */
        if (stroke.columns > 0) {
            draw_repeated(y, &stroke, text);
        } else if (plain >= 0) {
            draw_plain(y, stroke.x, plain, stroke.attributes, text);
        } else {
            draw_safe(y, stroke.x, text);
        }
    }
}

int draw_fit(const char *text, int columns, size_t *length)
{
    int used = 0;
    *length = 0;
    while (text[*length]) {
        struct shown_character next = shown_character(text + *length);
        if (used + next.columns > columns) break;
        used += next.columns;
        *length += next.bytes;
    }
    return used;
}
