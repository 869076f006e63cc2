#include "tui/views/outbox.h"

#include "protocol/wire/clock.h"
#include "tui/form/moment.h"
#include "tui/form/waiting.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TROUBLE_ROWS     6
#define NUMBER_X         3
#define STATE_X          24
#define ATTEMPTS_COLUMNS 10
#define SINCE_COLUMNS    21

static void paint_header(int y)
{
    int end = screen_columns();
    screen_put(y, NUMBER_X, STATE_X - NUMBER_X - 1, STYLE_FAINT, _("Number"));
    screen_put(y, STATE_X, end - STATE_X, STYLE_FAINT, _("State"));
    screen_put_right(y, end - SINCE_COLUMNS, ATTEMPTS_COLUMNS, STYLE_FAINT, _("Attempts"));
    screen_put_right(y, end, SINCE_COLUMNS - 2, STYLE_FAINT, _("Since"));
}

static void paint_entry(const struct outbox_view *view, size_t at, int y)
{
    const struct journal_entry *entry = &view->entries[at];
    bool selected = at == view->selected;
    enum style style = selected ? STYLE_FOCUS : STYLE_TEXT;
    char utc[CLOCK_TEXT_SIZE];
    char since[MOMENT_SIZE];
    char attempts[16];
    int end = screen_columns();
    clock_format(entry->created_ms, utc);
    moment_local(utc, since);
    snprintf(attempts, sizeof attempts, "%u", entry->attempts);
    if (selected) screen_put(y, 1, 1, style, ">");
    if (selected) screen_cursor(y, 1);
    screen_put(y, NUMBER_X, STATE_X - NUMBER_X - 1, selected ? style : STYLE_STRONG, entry->name);
    screen_put(y, STATE_X, end - SINCE_COLUMNS - ATTEMPTS_COLUMNS - STATE_X, style,
               waiting_state(entry, view->own_key));
    screen_put_right(y, end - SINCE_COLUMNS, ATTEMPTS_COLUMNS, style, attempts);
    screen_put_right(y, end, SINCE_COLUMNS - 2, style, since);
}

void outbox_paint(const struct outbox_view *view)
{
    int y = FRAME_TOP;
    int end = screen_columns();
    assert(view->refused <= view->count && (view->count == 0 || view->selected < view->count));
    screen_put(y, 1, end - 2, STYLE_STRONG, C_("title", "Outbox"));
    y += 2;
    if (view->trouble || view->count == 0) {
        char *trouble = view->trouble ? words_retold(view->trouble) : NULL;
        frame_wrap(y, 1, end - 2, TROUBLE_ROWS, STYLE_TEXT,
                   trouble ? trouble : _("Everything is settled: nothing waits to be sent."));
        free(trouble);
        return;
    }
    y +=
        frame_wrap(y, 1, end - 2, 3, STYLE_TEXT, waiting_introduction(view->refused, view->count)) +
        1;
    paint_header(y++);
    size_t rows = (size_t)(screen_rows() - FRAME_BOTTOM - y);
    size_t first = view->selected >= rows ? view->selected - rows + 1 : 0;
    for (size_t i = first; i < view->count && i < first + rows; i++)
        paint_entry(view, i, y++);
}
