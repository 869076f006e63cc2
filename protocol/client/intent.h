/* An intent: one thing a person wants done once. What is frozen at the press and never changes. */
#ifndef INVONCE_CLIENT_INTENT_H
#define INVONCE_CLIENT_INTENT_H

#include "protocol/client/intent_kinds.h"
#include "protocol/wire/fingerprint.h"
#include "protocol/wire/idempotency_key.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>

struct intent {
    const struct resource *kind;
    char key[IDEMPOTENCY_KEY_SIZE];
    char *body; /* the bytes that every attempt sends */
    size_t body_length;
    struct json *json; /* the same, read */
    char fingerprint[FINGERPRINT_TEXT_SIZE];
    char *name;
    char *scope;
};

/* Freezes a checked body under `key` (a valid one), but for a member "idempotency_key": the key
 * travels in the header. `body` stays the caller's. NULL: out of memory. */
struct intent *intent_freeze(const struct resource *kind, const struct json *body, const char *key);

/* The same from the bytes that a journal kept. NULL when they don't read as they should. */
struct intent *intent_thaw(const struct resource *kind, const char *key, const char *body,
                           size_t length);

void intent_free(struct intent *intent);

#endif
