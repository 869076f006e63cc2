/* The demonstration's token, in a file as the server reads it: one TENANT:USER=TOKEN line. */
#ifndef INVONCE_TUI_DEMO_TOKEN_H
#define INVONCE_TUI_DEMO_TOKEN_H

#include <stdbool.h>

#define DEMO_TOKEN_SIZE 33 /* 128 random bits in hex, and a NUL */

/* The token that the file at `path` holds; makes a file with a new one where there is none, so that
 * the journal knows its account again at the next run. False with errno. */
bool demo_token_get(const char *path, char token[DEMO_TOKEN_SIZE]);

#endif
