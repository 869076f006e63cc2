/* Shown in the form's place to somebody who has no server yet, or no token that it knows. */
#ifndef INVONCE_TUI_VIEW_FIRST_STEPS_H
#define INVONCE_TUI_VIEW_FIRST_STEPS_H

#include "tui/words/first_steps.h"

void first_steps_paint(enum missing missing);

#endif
