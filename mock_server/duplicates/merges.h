/* What was merged, each time a record of its own: "mrg_7", listed under the one that stands for the
 * others now. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_MERGES_H
#define INVONCE_MOCK_SERVER_DUPLICATES_MERGES_H

#include "mock_server/duplicates/record.h"
#include "protocol/wire/resource.h"

#define MERGE_PREFIX "mrg_"

/* By whom, and when: for the records and the audit. */
struct doer {
    const char *tenant, *user;
    int64_t now;
};

struct store_collection merges_of(const char *tenant);

/* Of a record, or of all, those that weren't undone, the oldest first, as an array of their JSON.
 * `but`: without that one. NULL: failed. */
#define MERGES_OF_ALL 0
struct json *merges_standing(struct store_session *session, const char *tenant,
                             const struct resource *resource, int64_t winner, int64_t but);

/* A record with its own lines, those of its merges that stand, and `more` (an array, NULL: none)
 * behind them. `json` is it as it is now, replaced by what it is then. */
bool merges_lines(struct store_session *session, const char *tenant,
                  const struct resource *resource, int64_t winner, int64_t but,
                  const struct json *more, struct json **json);

/* Notes in the audit what became of a record, in favour of another or as it was before. */
bool merges_note(struct store_session *session, const struct doer *doer,
                 const struct resource *resource, const struct json *loser, const char *winner,
                 const char *outcome);

#endif
