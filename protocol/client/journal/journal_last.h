/* The last intents of an account that came about: what the next one is like. */
#ifndef INVONCE_CLIENT_JOURNAL_LAST_H
#define INVONCE_CLIENT_JOURNAL_LAST_H

#include "protocol/client/journal/journal.h"

#include <stddef.h>

/* The body that was created last, from any window and among the newest thousand intents, as JSON
 * text. Owned by the caller; NULL: none, or it can't be told. */
char *journal_last_created(struct journal *journal, const char *kind);

/* The newest of them, at most `limit` and among as many, newest first: each is given to `take` as
 * JSON text, which is borrowed. What can't be told is passed over. */
void journal_each_created(struct journal *journal, const char *kind, int limit,
                          void (*take)(void *context, const char *body, size_t length),
                          void *context);

#endif
