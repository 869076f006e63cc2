/* `invonce demo`: the form with a mock server of its own. */
#ifndef INVONCE_TUI_DEMO_H
#define INVONCE_TUI_DEMO_H

#include "tui/app.h"

#include <stddef.h>

struct demo_options {
    struct app_options app; /* server, token and journal_path are the demonstration's own */
    char *const *faults;    /* fault rules for the server */
    size_t fault_count;
};

/* Starts the server on a store that is kept between runs, opens the form, and takes the server
 * down. Without a terminal it plays the scenes of demo_script.h instead. Returns the exit code. */
int demo_run(const struct demo_options *options);

#endif
