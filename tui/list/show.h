/* invonce show: one record that the server has, as the page that one prints or as JSON. */
#ifndef INVONCE_TUI_SHOW_H
#define INVONCE_TUI_SHOW_H

/* `arguments` is what follows "show", NULL-ended. Returns the exit code. */
int show_main(char **arguments);

#endif
