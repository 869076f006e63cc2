/* What no row can say of how the records of a resource are kept. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_HOOKS_H
#define INVONCE_MOCK_SERVER_RESOURCES_HOOKS_H

#include "mock_server/attempts/reading.h"
#include "mock_server/store/store.h"
#include "protocol/wire/resource.h"

/* A new record, as its parent sees it. */
struct new_child {
    const char *tenant, *user;
    const struct values *values;
    char *parent_key; /* owned by who creates it */
    int64_t parent_id;
    int64_t created_at;
};

/* The record of another collection that each is listed under, made with the first one. */
struct parent_hooks {
    const struct resource *resource;
    size_t field; /* of the child: derived, shows the parent's id */

    /* What the parent is found by; owned by the caller, NULL: out of memory. */
    char *(*key)(const struct values *values);

    /* The id of the one that has it, or for STORE_ABSENT the next one. */
    enum store_status (*choose_id)(struct store_session *session, const char *tenant,
                                   const char *key, int64_t *id);
    bool (*add)(struct store_session *session, const struct new_child *child);

    /* A list's query of that name, read; *id is none's where there is none. False, with the
     * refusal in the reply: it can't be. */
    const char *parameter;
    bool (*find)(struct reading *reading, const char *text, int64_t *id);
};

struct resource_hooks {
    int64_t first_id;
    const struct parent_hooks *parent; /* NULL: its records have none */
};

const struct resource_hooks *resource_hooks(const struct resource *resource);

#endif
