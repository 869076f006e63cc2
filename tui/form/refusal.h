/* A refusal of an intent that nobody was looking at, out of what waits: read, taken back into the
 * form, or done with. */
#ifndef INVONCE_TUI_REFUSAL_H
#define INVONCE_TUI_REFUSAL_H

#include "tui/form/entry.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zeros is none. */
struct refusal {
    const struct resource *resource;
    char key[IDEMPOTENCY_KEY_SIZE];
    enum submission_state state; /* CONFLICT or REJECTED */
    struct json *problem;        /* NULL: it can't be read */
    struct document typed;
    struct record original; /* if the problem names one that is readable */
    bool has_original;
    struct violations violations;
};

/* The one at that place of entry->waiting, in place of the one there was. False: it wasn't refused,
 * what waits there shows all there is; or, saying so, it can't be read. */
bool refusal_open(struct refusal *refusal, struct entry *entry, size_t at);
void refusal_forget(struct refusal *refusal);

/* What refused it, where no number was taken. Owned by the caller; NULL: out of memory. */
char *refusal_sentence(const struct refusal *refusal);

/* Into the form, where that is free, to be changed: a new intent. False, saying so: it isn't. */
bool refusal_take_back(struct refusal *refusal, struct entry *entry, int64_t now_ms);

/* The journal knows that it was seen. False, saying so: it can't. */
bool refusal_see(const struct refusal *refusal, struct entry *entry);

#endif
