/* invonce list: what the server has, as a table, as JSON or as CSV. */
#ifndef INVONCE_TUI_LIST_H
#define INVONCE_TUI_LIST_H

/* `arguments` is what follows "list", NULL-ended. Returns the exit code. */
int list_main(char **arguments);

#endif
