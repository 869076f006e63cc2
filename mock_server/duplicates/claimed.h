/* What a record that is there claims, or stands in the way of. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_CLAIMED_H
#define INVONCE_MOCK_SERVER_DUPLICATES_CLAIMED_H

#include "mock_server/store/store.h"
#include "protocol/wire/resource.h"

/* The claim by a rule; its value, owned by the caller too, is NULL where the rule doesn't apply.
 * False: out of memory. */
bool claimed_by(const struct unique_rule *rule, const struct json *record,
                struct store_claim *claim, char **value);

#endif
