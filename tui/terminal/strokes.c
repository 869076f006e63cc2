#include "tui/terminal/strokes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct bytes {
    char *data;
    size_t length, capacity;
};

struct stroke_row {
    struct bytes now, before;
    bool known; /* the screen shows what `before` says */
};

static void drop_rows(struct strokes *strokes, int from)
{
    for (int i = from; i < strokes->count; i++) {
        free(strokes->rows[i].now.data);
        free(strokes->rows[i].before.data);
    }
}

void strokes_clear(struct strokes *strokes)
{
    drop_rows(strokes, 0);
    free(strokes->rows);
    *strokes = (struct strokes){0};
}

void strokes_forget(struct strokes *strokes)
{
    for (int i = 0; i < strokes->count; i++)
        strokes->rows[i].known = false;
}

static bool resize(struct strokes *strokes, int count)
{
    drop_rows(strokes, count);
    struct stroke_row *rows = realloc(strokes->rows, (size_t)count * sizeof *rows);
    if (rows) strokes->rows = rows;
    if (!rows && count > strokes->count) return false;
    for (int i = strokes->count; i < count; i++)
        strokes->rows[i] = (struct stroke_row){0};
    strokes->count = count;
    return true;
}

bool strokes_begin(struct strokes *strokes, int rows)
{
    if (rows != strokes->count && !resize(strokes, rows)) return false;
    for (int i = 0; i < rows; i++)
        strokes->rows[i].now.length = 0;
    return true;
}

void strokes_shown(struct strokes *strokes)
{
    for (int i = 0; i < strokes->count; i++) {
        struct stroke_row *row = &strokes->rows[i];
        struct bytes before = row->before;
        row->before = row->now;
        row->now = before;
        row->known = true;
    }
}

static char *make_room(struct bytes *bytes, size_t size)
{
    if (bytes->capacity - bytes->length < size) {
        size_t capacity = 2 * (bytes->length + size);
        char *data = realloc(bytes->data, capacity);
        if (!data) return NULL;
        bytes->data = data;
        bytes->capacity = capacity;
    }
    return bytes->data + bytes->length;
}

void strokes_add(struct strokes *strokes, int row, struct stroke stroke, const char *text)
{
    if (row < 0 || row >= strokes->count) return;
    struct bytes *bytes = &strokes->rows[row].now;
    size_t size = sizeof stroke + stroke.length + 1;
    char *end = make_room(bytes, size);
    if (!end) return;
    memcpy(end, &stroke, sizeof stroke);
    memcpy(end + sizeof stroke, text, stroke.length);
    end[size - 1] = '\0';
    bytes->length += size;
}

bool strokes_differ(const struct strokes *strokes, int row)
{
    if (row >= strokes->count) return false;
    const struct stroke_row *at = &strokes->rows[row];
    return !at->known || at->now.length != at->before.length ||
           (at->now.length > 0 && memcmp(at->now.data, at->before.data, at->now.length) != 0);
}

bool strokes_next(const struct strokes *strokes, int row, size_t *at, struct stroke *stroke,
                  const char **text)
{
    assert(row >= 0 && row < strokes->count);
    const struct bytes *bytes = &strokes->rows[row].now;
    if (*at >= bytes->length) return false;
    memcpy(stroke, bytes->data + *at, sizeof *stroke);
    *text = bytes->data + *at + sizeof *stroke;
    *at += sizeof *stroke + stroke->length + 1;
    assert(*at <= bytes->length);
    return true;
}
