/* Says that an invoice may or may not exist, and what is safe to do. */
#ifndef INVONCE_TUI_UNCONFIRMED_H
#define INVONCE_TUI_UNCONFIRMED_H

#include "protocol/client/intent.h"

struct unconfirmed_view {
    const struct intent *intent;
    unsigned attempts;
    const char *why; /* of the last attempt */
    bool may_exist;  /* false: surely nothing of it left this machine */
};

void unconfirmed_paint(const struct unconfirmed_view *view);

#endif
