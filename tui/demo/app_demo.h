/* What only the demonstration's form holds; for app_demo.c and app_mistake.c. */
#ifndef INVONCE_TUI_APP_DEMO_H
#define INVONCE_TUI_APP_DEMO_H

#include "tui/app/app_state.h"
#include "tui/demo/audit.h"
#include "tui/demo/audit_feed.h"
#include "tui/demo/fault_switch.h"
#include "tui/demo/player.h"

#define LET_GO_MAX 16 /* mistakes that are made; then no more */

/* A submission that the form has lost sight of. */
struct let_go {
    struct submitter *submitter;
    struct journal *journal; /* its own; NULL: the form's */
    bool is_given_up;        /* it isn't carried on */
};

struct app_demo {
    struct audit audit;
    struct audit_feed feed;
    struct fault_switch faults;
    struct player player;
    struct let_go let_go[LET_GO_MAX];
    size_t let_go_count;
    struct journal *journal; /* of the form's submission, after a mistake */
};

#endif
