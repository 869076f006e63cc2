/* What the demonstration's server saw, beside the form or on the whole screen: the attempts, and
 * the layer that kept each at one. */
#ifndef INVONCE_TUI_AUDIT_VIEW_H
#define INVONCE_TUI_AUDIT_VIEW_H

#include "tui/demo/audit.h"

#include <stdbool.h>

#define AUDIT_BESIDE_FROM    120 /* columns of a screen that has room for it beside the form */
#define AUDIT_FORM_COLUMNS   80  /* the form's then, and more past AUDIT_COLUMNS_MAX */
#define AUDIT_COLUMNS_MAX    81
#define AUDIT_BORDER_COLUMNS 2 /* between the two: a blank one, that no figure touches it */

struct audit_view {
    const struct audit *audit;
    const char *faults; /* in force, in words */
    const char *bug;    /* that was planted; NULL: none */
    bool lost;          /* the server isn't heard */
};

/* In the pane's own area of the screen, with its keys at the foot. */
void audit_paint_beside(const struct audit_view *view);

/* Between the frame's lines. `*back`: rows from the newest, to scroll by; brought within range. */
void audit_paint(const struct audit_view *view, size_t *back);

#endif
