/* What the row of a resource says of an intent to create one. */
#ifndef INVONCE_CLIENT_INTENT_KINDS_H
#define INVONCE_CLIENT_INTENT_KINDS_H

#include "protocol/wire/resource.h"

/* A sort of intent is the row of the resource that it creates: the journal stores its name, its
 * path is the endpoint. NULL: there is none of that name. */
const struct resource *intent_kind_named(const char *name);

/* Adds what is wrong with the body; true when nothing is. */
bool intent_check(const struct resource *kind, const struct json *body,
                  struct violations *violations);

/* What a person calls it ("2026-0042"). Owned by the caller, NULL: out of memory. */
char *intent_name(const struct resource *kind, const struct json *body);

/* Within one tenant no two open intents have the same scope (the year and the folded number). Owned
 * by the caller, NULL: out of memory. */
char *intent_scope(const struct resource *kind, const struct json *body);

/* True when a record that the server answered with is of this very body. */
bool intent_is_of(const struct resource *kind, const struct json *record, const struct json *body);

/* True when a record, named by a rule's problem as the one that stands, really stands in the way of
 * this body. The rule may be NULL: it is none of this kind. */
bool intent_is_original(const struct resource *kind, const struct unique_rule *rule,
                        const struct json *record, const struct json *body);

#endif
