/* What the audit tells of that is to be delivered: an entry of a create, a merge or its undoing is
 * the outbox's, as it was written in the same transaction as what it tells of. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_OUTBOX_H
#define INVONCE_MOCK_SERVER_DELIVERIES_OUTBOX_H

#include "mock_server/store/store.h"
#include "protocol/wire/resource.h"

#include <stdbool.h>

#define OUTBOX_PAGES  16
#define OUTBOX_EVENTS 256

/* Of an audit entry that tells of something; the texts are its own. */
struct event {
    int64_t seq, at;
    char *type, *record_id;
    const struct resource *resource;
    bool is_creation; /* its data is the record as it was created */
};

/* Some entries of a tenant, looked through: the mark goes from `from` to `to`. */
struct page {
    char *tenant;
    int64_t from, to;
    struct event events[OUTBOX_EVENTS];
    size_t count;
    int64_t discards; /* that it tells of */
    int64_t passed;   /* events before the first mark that are too old to be told */
};

struct outbox {
    struct page *pages[OUTBOX_PAGES]; /* made when first needed */
    size_t count;
    bool is_full; /* there is more than this */
};

/* Looks for what is behind the tenants' marks. Where a tenant has none yet, entries from before
 * `since` are passed over. False: failed, or out of memory; there are no pages then. */
bool outbox_read(struct outbox *outbox, struct store_session *session, int64_t since);
void outbox_empty(struct outbox *outbox);
void outbox_clear(struct outbox *outbox);

#endif
