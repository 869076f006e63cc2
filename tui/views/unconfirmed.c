#include "tui/views/unconfirmed.h"

#include "tui/form/status.h"
#include "tui/views/frame.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>

#define PARAGRAPH_ROWS 4
#define VALUE_X        12

static int paint_paragraph(int y, const char *text)
{
    return y + frame_wrap(y, 1, screen_columns() - 2, PARAGRAPH_ROWS, STYLE_TEXT, text) + 1;
}

static void paint_fact(int y, const char *label, const char *value)
{
    screen_put(y, 1, VALUE_X - 2, STYLE_FAINT, label);
    screen_put(y, VALUE_X, screen_columns() - VALUE_X - 1, STYLE_TEXT, value);
}

void unconfirmed_paint(const struct unconfirmed_view *view)
{
    int y = FRAME_TOP;
    char attempts[16];
    screen_put(y, 1, screen_columns() - 2, STYLE_STRONG, _("Not confirmed"));
    y = paint_paragraph(y + 2, view->sentence);
    for (size_t i = 0; status_unconfirmed_advice(i); i++)
        y = paint_paragraph(y, status_unconfirmed_advice(i));
    if (view->away) y = paint_paragraph(y, status_away());
    snprintf(attempts, sizeof attempts, "%u", view->attempts);
    paint_fact(y++, _("Key"), view->key);
    paint_fact(y++, _("Attempts"), attempts);
    char *why = words_retold(view->why);
    paint_fact(y, _("The last"), why ? why : view->why);
    free(why);
}
