/* invonce config: the settings in force, each with where it was given. */
#ifndef INVONCE_TUI_CONFIG_H
#define INVONCE_TUI_CONFIG_H

/* The arguments behind "config", NULL-ended. Returns the exit code. */
int config_main(char **arguments);

#endif
