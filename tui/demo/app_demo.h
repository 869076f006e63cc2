/* What the demonstration adds to the form: the audit beside it, the server's faults, the play. */
#ifndef INVONCE_TUI_APP_DEMO_H
#define INVONCE_TUI_APP_DEMO_H

#include "tui/app/app.h"
#include "tui/demo/audit.h"
#include "tui/demo/audit_feed.h"
#include "tui/demo/fault_switch.h"
#include "tui/demo/player.h"

struct app_demo {
    struct app_hooks hooks;
    const char *bug; /* the planted mistake's name; NULL: none */
    int play_pace;   /* the story plays by itself, so many times as fast; 0: not */
    struct audit audit;
    struct audit_feed feed;
    struct fault_switch faults;
    struct player player;
};

/* Fills in the hooks; `demo` stays where it is as long as they are used. */
void app_demo_start(struct app_demo *demo, const char *bug, int play_pace);

#endif
