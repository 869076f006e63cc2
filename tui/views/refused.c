#include "tui/views/refused.h"

#include "tui/form/comparison.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <stdlib.h>

#define VALUE_X       19
#define SENTENCE_ROWS 3

static int paint_sentence(int y, enum style style, const char *sentence)
{
    char *told = words_retold(sentence);
    int rows = frame_wrap(y, 1, screen_columns() - 2, SENTENCE_ROWS, style, told ? told : sentence);
    free(told);
    return y + rows;
}

/* As many as there is room for: the rest is told at the fields, once it is back in the form. */
static int paint_violations(const struct violations *violations, int y, int end)
{
    for (size_t i = 0; i < violations->count && y < end; i++)
        y = paint_sentence(y, STYLE_ERROR, violations->items[i].detail);
    return y;
}

static void paint_typed(const struct comparison *comparison, int y)
{
    screen_put(y++, VALUE_X, screen_columns() - VALUE_X, STYLE_FAINT,
               _("What you typed, not created"));
    for (size_t i = 0; i < comparison->count; i++, y++) {
        const struct comparison_row *row = &comparison->rows[i];
        screen_put(y, 1, VALUE_X - 2, STYLE_FAINT, row->label);
        screen_put(y, VALUE_X, screen_columns() - VALUE_X - 1, STYLE_TEXT, row->typed);
    }
}

void refused_paint(const struct refused_view *view)
{
    struct comparison comparison;
    int y = FRAME_TOP;
    comparison_make(view->resource, view->typed, view->typed, &comparison);
    screen_put(y, 1, screen_columns() - 2, STYLE_STRONG, _("Not created"));
    y = paint_sentence(y + 2, STYLE_TEXT, view->sentence);
    int below = screen_rows() - FRAME_BOTTOM - (int)comparison.count - 3;
    y = paint_violations(view->violations, y + (view->violations->count > 0), below);
    paint_typed(&comparison, y + 1);
    comparison_clear(&comparison);
}
