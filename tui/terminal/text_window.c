/* The part of a text that a window of some columns shows. */
#include "protocol/wire/text.h"
#include "tui/terminal/text_clusters.h"
#include "tui/terminal/text_field.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_BREAK_SHOWN "\u21b5"

/* Whole clusters as they are shown. The caller's; NULL: out of memory. */
static char *shown_text(const struct text_field *field, size_t from, size_t to)
{
    char *safe = text_safe(text_field_text(field) + from, to - from, TEXT_MANY_LINES);
    if (!safe || !strchr(safe, '\n')) return safe;
    char *shown = calloc(strlen(safe), sizeof LINE_BREAK_SHOWN);
    char *end = shown;
    for (const char *at = safe; shown && *at; at++) {
        if (*at == '\n')
            end = mempcpy(end, LINE_BREAK_SHOWN, sizeof LINE_BREAK_SHOWN - 1);
        else
            *end++ = *at;
    }
    free(safe);
    return shown;
}

static size_t shown_width(const struct text_field *field, size_t from, size_t to)
{
    /* The common case needs no memory. */
    if (to - from == 1 && (unsigned char)field->text[from] >= 0x20) return 1;
    char *shown = shown_text(field, from, to);
    size_t width = shown ? text_width(shown) : 0;
    free(shown);
    return width;
}

static size_t columns_between(const struct text_field *field, size_t from, size_t to)
{
    size_t columns = 0;
    while (from < to) {
        size_t next = clusters_next(field->text, field->length, from);
        columns += shown_width(field, from, next);
        from = next;
    }
    return columns;
}

static void scroll(struct text_field *field, size_t columns)
{
    if (field->first > field->cursor) field->first = field->cursor;
    field->first = clusters_boundary_from(field->text, field->length, field->first);
    size_t at_end = field->cursor == field->length ? 1 : 0;
    size_t before = columns_between(field, field->first, field->cursor);
    while (field->first < field->cursor && before >= columns + at_end) {
        size_t next = clusters_next(field->text, field->length, field->first);
        before -= shown_width(field, field->first, next);
        field->first = next;
    }
    /* Room that a removal left at the end is given back to what was scrolled away. */
    while (field->first > 0) {
        size_t previous = clusters_previous(field->text, field->length, field->first);
        size_t width = shown_width(field, previous, field->first);
        if (columns_between(field, field->first, field->length) + width > columns) break;
        field->first = previous;
    }
}

char *text_field_window(struct text_field *field, size_t columns, size_t *cursor_column)
{
    scroll(field, columns);
    assert(field->first <= field->cursor && field->cursor <= field->length);
    *cursor_column = columns_between(field, field->first, field->cursor);
    size_t end = field->first;
    for (size_t used = 0; end < field->length;) {
        size_t next = clusters_next(field->text, field->length, end);
        used += shown_width(field, end, next);
        if (used > columns) break;
        end = next;
    }
    return shown_text(field, field->first, end);
}

void text_field_point(struct text_field *field, size_t column)
{
    field->fresh = false;
    size_t at = field->first;
    size_t columns = 0;
    while (at < field->length) {
        size_t next = clusters_next(field->text, field->length, at);
        columns += shown_width(field, at, next);
        if (columns > column) break;
        at = next;
    }
    field->cursor = at;
}
