#include "tui/batch/lineup.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

bool lineup_has_room(const struct lineup *lineup)
{
    return lineup->next - lineup->first < LINEUP_PLACES && lineup->bytes < LINEUP_BYTES_MAX;
}

int64_t lineup_enter(struct lineup *lineup)
{
    assert(lineup_has_room(lineup));
    return lineup->next++;
}

void lineup_put(struct lineup *lineup, int64_t number, char *text)
{
    assert(number >= lineup->first && number < lineup->next);
    assert(lineup->texts[number % LINEUP_PLACES] == NULL); /* told once */
    lineup->texts[number % LINEUP_PLACES] = text;
    lineup->bytes += strlen(text);
}

bool lineup_write(struct lineup *lineup, FILE *out)
{
    bool written = true;
    while (written && lineup->first < lineup->next) {
        char **text = &lineup->texts[lineup->first % LINEUP_PLACES];
        if (*text == NULL) break;
        written = fputs(*text, out) != EOF && putc('\n', out) != EOF;
        lineup->bytes -= strlen(*text);
        free(*text);
        *text = NULL;
        lineup->first++;
    }
    return fflush(out) == 0 && written;
}

void lineup_clear(struct lineup *lineup)
{
    for (size_t i = 0; i < LINEUP_PLACES; i++)
        free(lineup->texts[i]);
    *lineup = (struct lineup){0};
}
