/* The last intent of an account that came about: what the next one is like. */
#ifndef INVONCE_CLIENT_JOURNAL_LAST_H
#define INVONCE_CLIENT_JOURNAL_LAST_H

#include "protocol/client/journal/journal.h"

/* The body that was created last, from any window and among the newest thousand intents, as JSON
 * text. Owned by the caller; NULL: none, or it can't be told. */
char *journal_last_created(struct journal *journal, const char *kind);

#endif
