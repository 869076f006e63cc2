/* `invonce demo`: the form with a mock server of its own, and with what that server saw. */
#ifndef INVONCE_TUI_DEMO_H
#define INVONCE_TUI_DEMO_H

#include "tui/app/app.h"
#include "tui/demo/mistake.h"

#include <stddef.h>

struct demo_options {
    struct entry_options entry; /* server, token and journal_path are the demonstration's own */
    /* Runs the form, on a screen or not; returns the exit code. */
    int (*run)(const struct entry_options *options, const struct app_hooks *hooks);
    char *const *faults; /* fault rules for the server */
    size_t fault_count;
    const char *bug;        /* a mistake to be planted in the form, by its name; NULL: none */
    struct mistake mistake; /* the same */
    const char *without;    /* a layer of the server that is turned off, on a store made for that */
    bool play;              /* the story plays by itself, on a throw-away store */
    int pace;               /* so many times as fast; 0: as it is */
};

/* Starts the server on a store that is kept between runs, opens the form, and takes the server
 * down. Without a terminal it plays the scenes of demo_script.h instead. Returns the exit code. */
int demo_run(const struct demo_options *options);

#endif
