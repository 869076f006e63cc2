/* Look-alikes: records that may be one by mistake, though no rule says so. For a person to judge.
 */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_ALIKE_H
#define INVONCE_MOCK_SERVER_DUPLICATES_ALIKE_H

#include "mock_server/duplicates/record.h"
#include "protocol/wire/resource.h"

struct alike {
    const char *why; /* "the number only looks different" */
    const struct record_found *members;
    size_t count;
};

/* False: it can't be told any more. */
typedef bool alike_each(void *context, const struct alike *alike);

/* Reads every record that is merged into none, once, in memory that doesn't grow with them. False:
 * failed, or stopped by a signal. */
bool alike_find(struct store_session *session, const char *tenant, const struct resource *resource,
                alike_each *each, void *context);

#endif
