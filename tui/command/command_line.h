/* What the commands' lines have in common: values behind flags, and what is said of a wrong one. */
#ifndef INVONCE_TUI_COMMAND_LINE_H
#define INVONCE_TUI_COMMAND_LINE_H

#include "tui/command/settings.h"

#include <stdbool.h>

#define EXIT_OTHER 1
#define EXIT_USAGE 2

/* "--NAME VALUE" or "--NAME=VALUE" at *arguments: moves past it, and gives the value. NULL: another
 * flag, or no value behind it. */
char *command_line_value(char ***arguments, const char *flag);

bool command_line_has(char *const *arguments, const char *wanted);

/* 0, or the exit code, said: it is no UTF-8. */
int command_line_text(const char *value);

/* Says what is wrong on standard error, and gives the exit code. */
int command_line_wrong(const char *sentence, const char *about);
int command_line_no_token(void);
int command_line_failed(const char *sentence);
int command_line_settings(enum settings_status status, const char *sentence);

/* Takes a flag of the settings at *arguments. 0 to go on, else the exit code. */
int command_line_setting(struct settings *settings, char ***arguments);

#endif
