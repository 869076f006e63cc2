/* Signals: those that the loop sees to come as bytes through a pipe, those that end the program
 * leave the terminal clean. */
#ifndef INVONCE_TUI_SIGNALS_H
#define INVONCE_TUI_SIGNALS_H

#include <stdbool.h>

/* Catches SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT and SIGQUIT for the loop, ignores
 * SIGPIPE, and has `on_crash` (async-signal-safe) called before a crash takes its course. False: no
 * descriptors.
 */
bool signals_catch(void (*on_crash)(void));
void signals_release(void); /* as it was before */

/* Readable when a signal has come. */
int signals_descriptor(void);

/* The next signal that came, 0 when there is none. */
int signals_next(void);

/* Stops the whole process group as the terminal's driver would, and returns when it goes on. Where
 * nobody could wake it up again (an orphaned group) it returns at once. */
void signals_stop(void);

#endif
