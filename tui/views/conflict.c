#include "tui/views/conflict.h"

#include "tui/form/comparison.h"
#include "tui/form/moment.h"
#include "tui/views/frame.h"
#include "tui/views/record.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>

#define LABEL_X       1
#define ORIGINAL_X    19
#define SENTENCE_ROWS 3
#define ID_COLUMNS    24

/* One row; a mark between the two where they differ. */
static void paint_pair(int y, const struct comparison_row *row)
{
    int end = screen_columns();
    int half = (end - ORIGINAL_X) / 2;
    bool differs = comparison_differs(row);
    screen_put(y, LABEL_X, ORIGINAL_X - LABEL_X - 1, STYLE_FAINT, row->label);
    screen_put(y, ORIGINAL_X, half - 3, STYLE_TEXT, row->original);
    if (differs) screen_put(y, ORIGINAL_X + half - 2, 1, STYLE_STRONG, "\u2260");
    screen_put(y, ORIGINAL_X + half, end - ORIGINAL_X - half, differs ? STYLE_STRONG : STYLE_TEXT,
               row->typed);
}

static int paint_comparison(const struct conflict_view *view, int y)
{
    struct comparison comparison;
    int half = (screen_columns() - ORIGINAL_X) / 2;
    screen_put(y, ORIGINAL_X, half - 1, STYLE_FAINT, _("The original, kept"));
    screen_put(y++, ORIGINAL_X + half, half, STYLE_FAINT, _("What you typed, not created"));
    comparison_make(view->resource, &view->original->document.values, view->typed, &comparison);
    for (size_t i = 0; i < comparison.count; i++)
        paint_pair(y++, &comparison.rows[i]);
    comparison_clear(&comparison);
    return y;
}

static void paint_origin(const struct record *original, int y)
{
    char at[MOMENT_SIZE];
    char *text = NULL;
    moment_local(original->created_at, at);
    if (asprintf(&text, _("The original was created by %s, %s."),
                 original->created_by ? original->created_by : "", at) < 0)
        return;
    screen_put(y, LABEL_X, screen_columns() - 2, STYLE_TEXT, text);
    free(text);
}

void conflict_paint(const struct conflict_view *view)
{
    int end = screen_columns();
    int y = FRAME_TOP;
    screen_put(y, 1, end - ID_COLUMNS - 1, STYLE_STRONG, _("Not created"));
    if (view->original && view->original->id)
        screen_put_right(y, end, ID_COLUMNS, STYLE_STRONG, view->original->id);
    y += 2;
    y += frame_wrap(y, 1, end - 2, SENTENCE_ROWS, STYLE_TEXT, view->sentence) + 1;
    if (view->original) {
        y = paint_comparison(view, y) + 1;
        paint_origin(view->original, y);
        y += 2;
        y += record_paint_merged(view->original, y);
    }
    frame_wrap(y, 1, end - 2, SENTENCE_ROWS, STYLE_TEXT, view->advice);
}
