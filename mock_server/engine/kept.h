/* How the records of a resource are kept: what no row can say of it. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_KEPT_H
#define INVONCE_MOCK_SERVER_ENGINE_KEPT_H

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

/* The record of another collection that each is listed under. */
struct parent {
    const struct resource *resource;
    size_t field; /* of the child: shows the parent's id */

    /* Where it is made with its first child; all NULL where it is there before. What it is found
     * by, owned by the caller, NULL: out of memory; the id of the one that has it, or for
     * STORE_ABSENT the next one; and a new one is added. */
    char *(*key)(const struct values *values);
    enum store_status (*choose_id)(struct store_session *session, const char *tenant,
                                   const char *key, int64_t *id);
    bool (*add)(struct store_session *session, const struct new_child *child);
};

struct kept {
    const struct resource *resource;
    int64_t first_id;
    const struct parent *parent; /* NULL: its records have none */
};

/* Every resource that has records, from 0 on; false: there are no more. */
typedef bool kept_at(size_t i, struct kept *kept);

#endif
