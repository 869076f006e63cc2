/* The form in a terminal, from the first picture to the last. */
#ifndef INVONCE_TUI_APP_H
#define INVONCE_TUI_APP_H

#include "tui/form/entry.h"

#include <stdbool.h>
#include <stdint.h>

#define APP_WORDS_SIZE 600

struct app;

/* What somebody adds to the form; all of them are there. */
struct app_hooks {
    void *self;
    bool plays; /* it presses keys by itself, and any other ends it */
    void (*connect)(void *self, struct app *app);
    void (*stop)(void *self);
    /* Does what is due there. True when the picture isn't right any more. */
    bool (*advance)(void *self, int64_t now_ms);
    int64_t (*due_ms)(void *self);
    /* Presses its next key, if that is due. True when it did. */
    bool (*press)(void *self, struct app *app, int64_t now_ms);
    /* False: the action is none of its own. */
    bool (*act)(void *self, enum action action);
    /* Columns that it takes beside the form now; 0: none. */
    int (*columns)(void *self, const struct app *app);
    void (*paint_beside)(void *self, struct app *app);
    void (*paint_view)(void *self, struct app *app); /* VIEW_AUDIT */
    void (*paint_over)(void *self);                  /* what is there */
    /* What the top line says at its right edge; "": what it says else. */
    void (*words)(void *self, const struct app *app, char words[APP_WORDS_SIZE]);
};

/* Runs until the operator quits; the terminal is as it was then. `hooks` may be NULL. Returns
 * entry_leave's exit code. */
int app_run(const struct entry_options *options, const struct app_hooks *hooks);

#endif
