/* What the deliveries want of the store, all of it in one job of the writer's: entries of the audit
 * become deliveries, what was posted is settled, what is due is leased. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_ERRAND_H
#define INVONCE_MOCK_SERVER_DELIVERIES_ERRAND_H

#include "mock_server/deliveries/outbox.h"
#include "mock_server/deliveries/post.h"
#include "mock_server/engine/writer.h"

#include <stdatomic.h>

#define PARCELS 48 /* that a process has leased at once */

enum parcel_state {
    PARCEL_NONE,
    PARCEL_WAITS,   /* to be posted */
    PARCEL_SENT,    /* a post is under way */
    PARCEL_DONE,    /* to be settled: it was delivered */
    PARCEL_PUT_OFF, /* to be settled: not now */
};

/* A delivery that is leased; its texts are its own. */
struct parcel {
    enum parcel_state state;
    struct store_delivery delivery;
    int64_t lease_until;
    struct post *post;
};
void parcel_clear(struct parcel *parcel);

/* Reused for the next one when it is back. All zeros is new. */
struct errand {
    struct outbox *outbox;
    const struct parcel *settled[PARCELS];
    size_t settled_count;
    unsigned char owner[STORE_OWNER_SIZE];
    int64_t lease_ms, wanted; /* wanted 0: nothing is to be leased */
    int64_t park_after_ms;    /* parks what is due, and was tried for so long; 0: nothing */
    char park_trouble[TROUBLE_SIZE];
    void (*tell)(void); /* that it is back, on the writer's thread */

    struct parcel leased[PARCELS];
    size_t leased_count;
    int64_t parked, passed, discards;
    bool kept;

    struct writer_job job;
    bool failed;
    atomic_bool is_out;
};

/* Whoever waits for nothing else lets it wait for company. */
void errand_send(struct errand *errand, bool hurry);
bool errand_is_out(const struct errand *errand);
void errand_clear(struct errand *errand);

#endif
