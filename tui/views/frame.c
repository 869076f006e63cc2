#include "tui/views/frame.h"

#include "protocol/wire/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define NAME "Invonce"

void frame_top(const char *account, const char *server)
{
    int columns = screen_columns();
    int x = 1 + screen_put(0, 1, columns - 1, STYLE_STRONG, NAME) + 2;
    x += screen_put(0, x, columns / 2 - x, STYLE_TEXT, account) + 2;
    screen_put_right(0, columns, columns - x, STYLE_FAINT, server);
    screen_rule(1);
}

static int room_before(const char *state, const char *note)
{
    int columns = *note ? (int)text_width(note) + 2 : 0;
    return screen_columns() - 1 - (int)text_width(state) - 2 - columns;
}

int frame_status_room(const char *state, const struct frame_note *note)
{
    return room_before(state, note->brief);
}

void frame_status(const char *state, const char *text, const struct frame_note *note)
{
    int y = screen_rows() - 2;
    int x = 1 + (int)text_width(state) + 2;
    const char *shown = note->full;
    if ((int)text_width(text) > room_before(state, shown)) shown = note->brief;
    screen_put(y, 1, screen_columns() - 1, STYLE_STRONG, state);
    screen_put(y, x, room_before(state, shown), STYLE_TEXT, text);
    screen_put_right(y, screen_columns(), (int)sizeof note->full, STYLE_STRONG, shown);
}

void frame_keys(const char *const *keys, const char *const *labels, size_t count)
{
    int y = screen_rows() - 1;
    int x = 1;
    for (size_t i = 0; i < count; i++) {
        int width = (int)(text_width(keys[i]) + 1 + text_width(labels[i]));
        if (x + width > screen_columns()) return;
        x += screen_put(y, x, width, STYLE_STRONG, keys[i]) + 1;
        x += screen_put(y, x, width, STYLE_TEXT, labels[i]) + 2;
    }
}

/* How many bytes of `text` go into one row: to the last space that fits, else all that fits. */
static size_t row_length(const char *text, int columns)
{
    size_t fits = 0;
    size_t at_space = 0;
    int used = 0;
    for (size_t i = 0; text[i];) {
        size_t bytes = 1;
        while (((unsigned char)text[i + bytes] & 0xC0) == 0x80)
            bytes++;
        char character[8] = "";
        memcpy(character, text + i, bytes < sizeof character ? bytes : sizeof character - 1);
        if (text[i] == '\n') return i;
        if (text[i] == ' ') at_space = i;
        used += (int)text_width(character);
        if (used > columns) return at_space ? at_space : fits ? fits : bytes;
        i += bytes;
        fits = i;
    }
    return fits;
}

/* The last row keeps all that is left, to be cut where the reader sees it. `y` < 0: only counted.
 */
static int set_rows(int y, int x, int columns, int rows, enum style style, char *rest)
{
    int row = 0;
    for (; *rest && row < rows; row++) {
        size_t length = row_length(rest, columns);
        char after = rest[length];
        if (row + 1 < rows) rest[length] = '\0';
        if (y >= 0) screen_put(y + row, x, columns, style, rest);
        if (row + 1 == rows) continue;
        rest += length + (after == ' ' || after == '\n' ? 1 : 0);
        if (after != ' ' && after != '\n') *rest = after;
    }
    return row;
}

int frame_wrap(int y, int x, int columns, int rows, enum style style, const char *text)
{
    char *safe = columns > 0 ? text_safe(text, strlen(text), TEXT_MANY_LINES) : NULL;
    int row = safe ? set_rows(y, x, columns, rows, style, safe) : 0;
    free(safe);
    return row;
}

int frame_rows(int columns, const char *text)
{
    return frame_wrap(-1, 0, columns, INT_MAX, STYLE_TEXT, text);
}
