/* invonce create: records from a file or standard input, each its own intent, without a screen. */
#ifndef INVONCE_TUI_BATCH_H
#define INVONCE_TUI_BATCH_H

/* `arguments` is what follows "create", NULL-ended. Returns the exit code. */
int batch_main(char **arguments);

#endif
