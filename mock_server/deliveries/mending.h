/* What people do with deliveries: look at them, have them tried again, discard them. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_MENDING_H
#define INVONCE_MOCK_SERVER_DELIVERIES_MENDING_H

#include "mock_server/store/store.h"

struct mending {
    struct store *store;
    const char *tenant;
    bool json;
    int64_t done;                     /* deliveries that it was done to */
    bool some_absent, some_under_way; /* of those that were named */
};

/* Prints those of the tenant, and how many there are. False: failed, and logged. */
bool mending_list(struct mending *mending);

/* To those events, or to all that are parked (count 0); each is told of. False: failed, and
 * logged. */
enum mend { MEND_RETRY, MEND_DISCARD };
bool mending_mend(struct mending *mending, enum mend mend, const char *const *event_ids,
                  size_t count);

#endif
