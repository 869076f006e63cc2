/* An intent: one thing a person wants done once. What is frozen at the press and never changes. */
#ifndef INVONCE_CLIENT_INTENT_H
#define INVONCE_CLIENT_INTENT_H

#include "protocol/wire/fingerprint.h"
#include "protocol/wire/idempotency_key.h"
#include "protocol/wire/problem.h"
#include "protocol/wire/violations.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>

/* A sort of intent: all that this layer needs to know of invoices, or of the next form. Every
 * function is pure and reads the request body. */
struct intent_kind {
    const char *name;     /* as the journal stores it: "invoice" */
    const char *endpoint; /* the path that creates: "/v1/invoices" */
    /* Adds what is wrong with the body; true when nothing is. */
    bool (*check)(const struct json *body, struct violations *violations);
    /* What a person calls it ("2026-0042"). Owned by the caller, NULL: out of memory. */
    char *(*name_of)(const struct json *body);
    /* Within one tenant no two open intents have the same scope (the year and the folded number).
     * Owned by the caller, NULL: out of memory. */
    char *(*scope_of)(const struct json *body);
    /* True when a record that the server answered with is of this very body. */
    bool (*is_of)(const struct json *record, const struct json *body);
    /* True when a record, named by a problem of that type as the one that stands, really stands in
     * the way of this body. */
    bool (*is_original)(const struct json *record, enum problem_type type, const struct json *body);
};

extern const struct intent_kind invoice_intent;

/* The kind of that name, or NULL. */
const struct intent_kind *intent_kind_named(const char *name);

struct intent {
    const struct intent_kind *kind;
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
struct intent *intent_freeze(const struct intent_kind *kind, const struct json *body,
                             const char *key);

/* The same from the bytes that a journal kept. NULL when they don't read as they should. */
struct intent *intent_thaw(const struct intent_kind *kind, const char *key, const char *body,
                           size_t length);

void intent_free(struct intent *intent);

#endif
