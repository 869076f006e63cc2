/* The text of a row, completed from what was typed before while it is typed, and what stood beside
 * it then. */
#ifndef INVONCE_TUI_DESCRIPTIONS_H
#define INVONCE_TUI_DESCRIPTIONS_H

#include "tui/form/form.h"
#include "tui/form/habits.h"

/* Shows what would complete the text that has the focus, if it is a row's. False: out of memory. */
bool descriptions_follow(struct habits *habits, struct form *form);

/* Takes it; what was beside it comes along as a suggestion, where nothing was typed: of another
 * currency a rate alone, and no price. True when the form has changed. */
bool descriptions_complete(struct habits *habits, struct form *form);

#endif
