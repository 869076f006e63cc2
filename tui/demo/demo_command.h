/* `invonce demo` on the command line: its flags, and its help. */
#ifndef INVONCE_TUI_DEMO_COMMAND_H
#define INVONCE_TUI_DEMO_COMMAND_H

#include "tui/demo/demo.h"

#include <stdbool.h>

/* Takes one flag of the demonstration's at *arguments into `options`, whose faults have room for
 * it; borrows it. False: it is none. `*code` becomes the exit code where it can't be read. */
bool demo_command_take(struct demo_options *options, char **faults, char ***arguments, int *code);

/* Whether they go together. 0, or the exit code. */
int demo_command_check(const struct demo_options *options, bool prefilled);

/* All but the settings and the files. */
void demo_command_help(void);

#endif
