/* What a command has told on its output of results that need a person, so that the journal doesn't
 * keep them as unseen. */
#ifndef INVONCE_TUI_TOLD_H
#define INVONCE_TUI_TOLD_H

#include "protocol/client/journal/journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct told_one;

/* All zeros is nothing. */
struct told {
    struct told_one *list;
    size_t count, capacity;
};

/* The result of that number in the lineup is about the intent with that key. False: out of memory.
 */
bool told_note(struct told *told, int64_t number, const char *key);

/* All numbers below `end` are written. On anything but JOURNAL_OK they stay noted. */
enum journal_status told_see(struct told *told, struct journal *journal, int64_t end);

void told_clear(struct told *told);

#endif
