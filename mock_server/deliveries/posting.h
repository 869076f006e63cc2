/* The deliveries that this process has leased: which are posted now, and what becomes of each. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_POSTING_H
#define INVONCE_MOCK_SERVER_DELIVERIES_POSTING_H

#include "mock_server/deliveries/errand.h"
#include "mock_server/deliveries/pace.h"
#include "mock_server/deliveries/post.h"
#include "mock_server/deliveries/receiver.h"

enum count { COUNT_DELIVERED, COUNT_FAILED, COUNT_PARKED, COUNT_DISCARDED, COUNT_COUNT };

struct posting {
    struct receiver receiver;
    int64_t timeout_ms, period_ms; /* of a post; until a delivery is parked */
    struct posts *posts;
    struct pace pace;
    struct parcel parcels[PARCELS];
    size_t under_way;
    bool probe_failed; /* a receiver that is down was tried once more */
    char trouble[TROUBLE_SIZE];
    bool was_down; /* and the log says so */
    atomic_uint_fast64_t counts[COUNT_COUNT];
};

/* How long a lease lasts: long enough for one post before it in its slot. */
int64_t posting_lease_ms(const struct posting *posting);

/* How many more may be leased now. */
size_t posting_room(const struct posting *posting);

/* What was leased: the parcel is empty afterwards. */
void posting_take(struct posting *posting, struct parcel *leased);

/* Begins as many posts as may be under way; `session` (NULL: none can be had) is where the records
 * are read. */
void posting_begin(struct posting *posting, struct store_session *session);

/* Drives the posts, and settles those that have ended. */
void posting_drive(struct posting *posting);

/* No more are begun; with those under way too it is over. */
void posting_give_back(struct posting *posting);
void posting_cut(struct posting *posting);

/* Those that are to be settled; how many there are. */
size_t posting_settled(const struct posting *posting, const struct parcel *settled[PARCELS]);

void posting_count(struct posting *posting, enum count which, int64_t more);

#endif
