/* What invonce create --help says. */
#ifndef INVONCE_TUI_BATCH_HELP_H
#define INVONCE_TUI_BATCH_HELP_H

void batch_print_help(void);

#endif
