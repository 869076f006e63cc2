/* The form as bytes, to be what it was again: for its history. */
#ifndef INVONCE_TUI_FORM_STATE_H
#define INVONCE_TUI_FORM_STATE_H

#include "tui/form/form.h"
#include "tui/form/history.h"

/* All that is typed, and where the focus is. No bytes: out of memory. */
struct history_state form_state(struct form *form);

/* Makes the form what it was; what is still the same keeps its complaints. False: out of memory. */
bool form_return_to(struct form *form, const struct history_step *step,
                    const struct history_spot *spot);

#endif
