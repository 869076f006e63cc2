#include "tui/views/first_steps.h"

#include "tui/views/frame.h"
#include "tui/words/words.h"

#define PARAGRAPH_ROWS 3
#define COMMAND_X      5

void first_steps_paint(enum missing missing)
{
    int columns = screen_columns() - 2, y = FRAME_TOP;
    screen_put(y, 1, columns, STYLE_STRONG, _("First steps"));
    y += 2;
    y += frame_wrap(y, 1, columns, PARAGRAPH_ROWS, STYLE_TEXT, first_steps_missing(missing)) + 1;
    for (size_t i = 0; first_step(i); i++) {
        const struct first_step *step = first_step(i);
        y += frame_wrap(y, 1, columns, PARAGRAPH_ROWS, STYLE_TEXT, _(step->who));
        for (size_t k = 0; k < 2 && step->commands[k]; k++)
            screen_put(y++, COMMAND_X, columns - COMMAND_X, STYLE_STRONG, step->commands[k]);
        y++;
    }
    frame_wrap(y, 1, columns, PARAGRAPH_ROWS, STYLE_TEXT, first_steps_look());
}
