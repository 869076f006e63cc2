/* The form line by line, for screen readers and for terminals that can't show it. */
#ifndef INVONCE_TUI_PLAIN_H
#define INVONCE_TUI_PLAIN_H

#include "tui/form/entry.h"

/* Asks for the fields one by one on standard output, and reads the answers from standard input, a
 * terminal or not, until its end or until the operator leaves. Returns entry_leave's exit code. */
int plain_run(const struct entry_options *options);

#endif
