/* invonce outbox: what isn't settled yet, listed, and sent again. */
#ifndef INVONCE_TUI_OUTBOX_H
#define INVONCE_TUI_OUTBOX_H

/* `arguments` is what follows "outbox", NULL-ended. Returns the exit code. */
int outbox_main(char **arguments);

#endif
