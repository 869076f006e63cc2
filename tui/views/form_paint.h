/* Paints the form. */
#ifndef INVONCE_TUI_FORM_PAINT_H
#define INVONCE_TUI_FORM_PAINT_H

#include "tui/form/form.h"
#include "tui/views/form_layout.h"

#include <stdbool.h>

/* Paints all but the frame, and says in `layout` where everything is. While `saving` only the
 * button's words are others, and no cursor is shown. */
void form_paint(struct form *form, bool saving, struct form_layout *layout);

#endif
