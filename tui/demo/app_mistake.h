/* The mistake that the demonstration was asked to make in the form. */
#ifndef INVONCE_TUI_APP_MISTAKE_H
#define INVONCE_TUI_APP_MISTAKE_H

#include "tui/demo/mistake.h"
#include "tui/form/entry.h"

#define LET_GO_MAX 16 /* mistakes that are made; then no more */

/* A submission that the form has lost sight of. */
struct let_go {
    struct submitter *submitter;
    struct journal *journal; /* its own; NULL: the form's */
    bool is_given_up;        /* it isn't carried on */
};

struct app_mistake {
    struct entry_mistake hooks;
    struct mistake mistake;
    const char *scratch; /* a directory for what it leaves behind */
    struct let_go let_go[LET_GO_MAX];
    size_t let_go_count;
    struct journal *journal; /* of the form's submission, after a mistake */
};

/* Fills in the hooks; `app_mistake` stays where it is as long as they are used. `scratch` is
 * borrowed. */
void app_mistake_start(struct app_mistake *app_mistake, const struct mistake *mistake,
                       const char *scratch);

#endif
