/* A finished English sentence told in another language. Kept because those who say it are often
 * elsewhere and pass no arguments: the server, and the program that wrote into the journal why an
 * attempt failed. */
#ifndef INVONCE_TUI_RETOLD_H
#define INVONCE_TUI_RETOLD_H

#include "tui/words/catalog.h"

/* Where the sentence is a message of the catalogue, or what a message with printf's directives
 * makes, it is the translation, with what the directives held told in the same way. Else it is what
 * it was. The caller's to free; NULL: out of memory. */
char *retold(const struct catalog *catalog, const char *sentence);

#endif
