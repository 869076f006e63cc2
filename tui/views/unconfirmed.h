/* Says that an invoice may or may not exist, and what is safe to do. */
#ifndef INVONCE_TUI_UNCONFIRMED_H
#define INVONCE_TUI_UNCONFIRMED_H

#include <stdbool.h>

struct unconfirmed_view {
    const char *sentence; /* what is known of it */
    const char *key;
    unsigned attempts;
    const char *why; /* of the last attempt */
    bool away;       /* the server was not reached */
};

void unconfirmed_paint(const struct unconfirmed_view *view);

#endif
