#include "tui/views/record.h"

#include "protocol/wire/resources/invoice.h"
#include "tui/form/moment.h"
#include "tui/views/amounts.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>

#define SENTENCE_ROWS 3
#define KEY_ROWS      2 /* a blank one and the key */
#define ID_COLUMNS    24
#define GAP           3

static const char *shown(const char *text)
{
    return text ? text : "";
}

/* "2026-0042   issued 2026-11-22   due 2026-12-22" and at the right edge "by ana, 10:02:11". */
static void paint_identity(const struct record *record, int y)
{
    const struct values *invoice = &record->document.values;
    int end = screen_columns();
    char at[MOMENT_SIZE];
    char *by = NULL;
    moment_local(record->created_at, at);
    if (asprintf(&by, _("by %s, %s"), shown(record->created_by), at) < 0) by = NULL;
    int by_columns = end * 2 / 5;
    screen_put_right(y, end, by_columns, STYLE_TEXT, shown(by));
    free(by);
    int x =
        1 + screen_put(y, 1, end / 4, STYLE_STRONG, shown(invoice->texts[INVOICE_NUMBER])) + GAP;
    x += screen_put(y, x, end - x, STYLE_FAINT, _("issued")) + 1;
    x += screen_put(y, x, end - x, STYLE_TEXT, shown(invoice->texts[INVOICE_ISSUE_DATE])) + GAP;
    if (!invoice->texts[INVOICE_DUE_DATE]) return;
    x += screen_put(y, x, end - x, STYLE_FAINT, _("due")) + 1;
    screen_put(y, x, end - x, STYLE_TEXT, invoice->texts[INVOICE_DUE_DATE]);
}

static void paint_customer(const struct record *record, int y)
{
    const struct values *invoice = &record->document.values;
    int end = screen_columns() - ID_COLUMNS - 1;
    int x = 1;
    if (invoice->texts[INVOICE_NAME] && *invoice->texts[INVOICE_NAME]) {
        x += screen_put(y, x, end / 2, STYLE_TEXT, invoice->texts[INVOICE_NAME]) + GAP;
    }
    screen_put(y, x, end - x, STYLE_TEXT, shown(invoice->texts[INVOICE_EMAIL]));
    screen_put_right(y, screen_columns(), ID_COLUMNS, STYLE_FAINT,
                     shown(record->document.values.texts[INVOICE_CUSTOMER_ID]));
}

static void paint_key(const struct record_view *view, int y)
{
    if (!view->key) return;
    char attempts[96];
    snprintf(attempts, sizeof attempts,
             words_plural("%u attempt, 1 record", "%u attempts, 1 record", view->attempts),
             view->attempts);
    int x = 1 + screen_put(y, 1, 20, STYLE_FAINT, _("Key")) + 1;
    x += screen_put(y, x, screen_columns() - x - 26, STYLE_TEXT, view->key) + 2;
    screen_put(y, x, screen_columns() - x, STYLE_TEXT, attempts);
}

static void paint_range(size_t first, size_t shown_lines, size_t count, int y)
{
    if (shown_lines >= count) return;
    char range[96];
    snprintf(range, sizeof range, _("Lines %zu to %zu of %zu"), first + 1, first + shown_lines,
             count);
    screen_put(y, 1, screen_columns() / 2, STYLE_FAINT, range);
}

void record_paint(const struct record_view *view, size_t *first)
{
    const struct record *record = view->record;
    int end = screen_columns();
    int y = FRAME_TOP;
    screen_put(y, 1, end - ID_COLUMNS - 1, STYLE_STRONG, view->heading);
    screen_put_right(y, end, ID_COLUMNS, STYLE_STRONG, shown(record->id));
    y += 2;
    if (view->sentence) {
        y += frame_wrap(y, 1, end - 2, SENTENCE_ROWS, STYLE_TEXT, view->sentence) + 1;
    }
    paint_identity(record, y++);
    paint_customer(record, y++);
    y++;
    int foot = screen_rows() - FRAME_BOTTOM - KEY_ROWS - 1;
    size_t last_first = amounts_first_max(record, y, foot);
    if (*first > last_first) *first = last_first;
    size_t lines = amounts_paint(record, *first, y, foot);
    paint_range(*first, lines, record->document.values.row_count, y + (int)lines);
    paint_key(view, foot + 1);
}
