#include "tui/terminal/text_undo.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool goes_on(const struct text_undo *undo, size_t cursor, enum text_change change)
{
    return undo->count > 0 && change != TEXT_REPLACED && undo->last == change &&
           undo->run_at == cursor;
}

static void drop_oldest(struct text_undo *undo)
{
    free(undo->states[0].text);
    undo->count--;
    memmove(undo->states, undo->states + 1, undo->count * sizeof *undo->states);
}

void text_undo_keep(struct text_undo *undo, const char *text, size_t cursor,
                    enum text_change change)
{
    if (goes_on(undo, cursor, change)) return;
    char *copy = strdup(text);
    if (!copy) return;
    if (undo->count == TEXT_UNDO_MAX) drop_oldest(undo);
    undo->states[undo->count++] = (struct text_state){copy, cursor};
    undo->last = change;
}

struct text_state text_undo_take(struct text_undo *undo)
{
    undo->last = TEXT_REPLACED;
    return undo->count > 0 ? undo->states[--undo->count] : (struct text_state){0};
}

void text_undo_clear(struct text_undo *undo)
{
    while (undo->count > 0)
        free(undo->states[--undo->count].text);
    *undo = (struct text_undo){0};
}
