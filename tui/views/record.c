#include "tui/views/record.h"

#include "tui/form/facts.h"
#include "tui/form/moment.h"
#include "tui/views/amounts.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SENTENCE_ROWS   3
#define KEY_ROWS        2 /* a blank one and the key */
#define ID_COLUMNS      24
#define GAP             3
#define NOTES_ROWS_PART 6 /* of the rows, one in so many at most for the notes */

/* Faint words, and a text behind them. The column after both. */
static int paint_fact(int y, int x, const char *words, const char *text)
{
    int end = screen_columns();
    if (*words) x += screen_put(y, x, end - x, STYLE_FAINT, _(words)) + 1;
    return x + screen_put(y, x, end - x, STYLE_TEXT, text) + GAP;
}

/* "2026-0042   issued 2026-11-22   due 2026-12-22" and at the right edge "by ana, 10:02:11". */
static void paint_identity(const struct record_view *view, int y)
{
    const struct record *record = view->record;
    const struct fields *fields = &view->resource->fields;
    int end = screen_columns(), x = 1;
    char at[MOMENT_SIZE];
    char *by = NULL;
    moment_local(record->created_at, at);
    if (asprintf(&by, _("by %s, %s"), fact_text(record->created_by), at) < 0) by = NULL;
    screen_put_right(y, end, end * 2 / 5, STYLE_TEXT, fact_text(by));
    free(by);
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        const char *text = fact_text(record->document.values.texts[i]);
        if (i == fact_of_name(view->resource))
            x += screen_put(y, x, end / 4, STYLE_STRONG, text) + GAP;
        else if (field->brief && !field->object && *text)
            x = paint_fact(y, x, field->brief, text);
    }
}

/* What is in one object, from its last member on: the name before the address, and at the right
 * edge what the server calls it. */
static void paint_object(const struct record_view *view, const char *object, int y)
{
    const struct fields *fields = &view->resource->fields;
    int end = screen_columns() - ID_COLUMNS - 1, x = 1;
    for (size_t i = fields->count; i-- > 0;) {
        const struct field *field = &fields->items[i];
        const char *text = fact_text(view->record->document.values.texts[i]);
        if (!field->object || strcmp(field->object, object) != 0 || !*text) continue;
        if (field->presence == FIELD_DERIVED)
            screen_put_right(y, screen_columns(), ID_COLUMNS, STYLE_FAINT, text);
        else
            x += screen_put(y, x, x == 1 ? end / 2 : end - x, STYLE_TEXT, text) + GAP;
    }
}

/* A line each: the objects, and what has no other place. The row below. */
static int paint_facts(const struct record_view *view, int y)
{
    const struct fields *fields = &view->resource->fields;
    const char *object = NULL;
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        const char *text = fact_text(view->record->document.values.texts[i]);
        bool briefly = field->brief && field->object;
        if (briefly && (!object || strcmp(field->object, object) != 0))
            paint_object(view, object = field->object, y++);
        if (field->brief || !fact_stands_alone(field) || field->kind == FIELD_NOTES || !*text ||
            i == fact_of_name(view->resource))
            continue;
        paint_fact(y++, 1, field->label, text);
    }
    return y;
}

/* As many rows of them as leave room for the lines: the page has them whole. The row below. */
static int paint_notes(const struct record_view *view, int y)
{
    size_t at = fact_of_kind(view->resource, FIELD_NOTES);
    if (at == view->resource->fields.count) return y;
    const char *text = fact_text(view->record->document.values.texts[at]);
    if (!*text) return y;
    int x = 1 +
            screen_put(y, 1, screen_columns() / 4, STYLE_FAINT,
                       _(view->resource->fields.items[at].label)) +
            2;
    return y + frame_wrap(y, x, screen_columns() - x - 1, screen_rows() / NOTES_ROWS_PART,
                          STYLE_TEXT, text);
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

int record_paint_merged(const struct record *record, int y)
{
    char *merged = fact_merged(record->document.json);
    int rows = 0;
    if (merged)
        rows = frame_wrap(y, 1, screen_columns() - 2, SENTENCE_ROWS, STYLE_TEXT, merged) + 1;
    free(merged);
    return rows;
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
    screen_put_right(y, end, ID_COLUMNS, STYLE_STRONG, fact_text(record->id));
    y += 2;
    if (view->sentence) {
        y += frame_wrap(y, 1, end - 2, SENTENCE_ROWS, STYLE_TEXT, view->sentence) + 1;
    }
    y += record_paint_merged(record, y);
    paint_identity(view, y++);
    y = paint_notes(view, paint_facts(view, y)) + 1;
    int foot = screen_rows() - FRAME_BOTTOM - KEY_ROWS - 1;
    size_t last_first = amounts_first_max(view->resource, record, y, foot);
    if (*first > last_first) *first = last_first;
    size_t lines = amounts_paint(view->resource, record, *first, y, foot);
    paint_range(*first, lines, record->document.values.row_count, y + (int)lines);
    paint_key(view, foot + 1);
}
