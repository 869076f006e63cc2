#include "tui/views/unconfirmed.h"

#include "tui/views/frame.h"
#include "tui/words.h"

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
    char *sentence = NULL;
    int made =
        view->may_exist
            ? asprintf(&sentence,
                       _("Invoice %s may or may not exist: it was sent, and no answer came back "
                         "that could be believed."),
                       view->intent->name)
            : asprintf(&sentence, _("Invoice %s could not be sent: the server was not reached."),
                       view->intent->name);
    if (made < 0) return;
    y = paint_paragraph(y + 2, sentence);
    free(sentence);
    y = paint_paragraph(y, _("The safe thing is to let it be sent again. Every attempt carries the "
                             "same key, so however often it is sent, one record comes of it at "
                             "most."));
    y = paint_paragraph(y,
                        _("Kept in the outbox it is sent again in the background and at the next "
                          "start, and you are told what became of it. Please don't enter it "
                          "under another number."));
    snprintf(attempts, sizeof attempts, "%u", view->attempts);
    paint_fact(y++, _("Key"), view->intent->key);
    paint_fact(y++, _("Attempts"), attempts);
    char *why = words_retold(view->why);
    paint_fact(y, _("The last"), why ? why : view->why);
    free(why);
}
