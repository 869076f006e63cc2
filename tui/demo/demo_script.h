/* The demonstration without a terminal: three scenes as plain text, with the real parts. */
#ifndef INVONCE_TUI_DEMO_SCRIPT_H
#define INVONCE_TUI_DEMO_SCRIPT_H

/* Plays on a throw-away store. 0 when every scene ended as it should, else 1. */
int demo_script_play(void);

#endif
