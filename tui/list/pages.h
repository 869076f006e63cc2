/* All that a list of the server's has, page by page, each record as it comes: nothing is kept. A
 * page that doesn't come is asked for again, from where the one before ended. */
#ifndef INVONCE_TUI_PAGES_H
#define INVONCE_TUI_PAGES_H

#include "tui/list/ask.h"

#include <stdbool.h>

/* Takes a record (borrowed). False: no more is wanted. */
typedef bool pages_each(void *context, const struct json *record);

/* `query` is a path with its query. ASK_ANSWERED: all of it was told, or no more was wanted; else
 * `answer` says why not. */
enum ask_end pages_read(const struct asker *asker, const char *query, pages_each *each,
                        void *context, struct answer *answer);

#endif
