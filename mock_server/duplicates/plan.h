/* What merges would come to that are only planned: who would stand for whom, and how those would
 * read. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_PLAN_H
#define INVONCE_MOCK_SERVER_DUPLICATES_PLAN_H

#include "mock_server/duplicates/record.h"
#include "mock_server/duplicates/scratch.h"

struct plan {
    struct scratch scratch;
    sqlite3_stmt *find, *merge, *carry, *change;
};

/* False, with a sentence: it can't be made. */
bool plan_open(struct plan *plan);
void plan_close(struct plan *plan);

/* Lets a record be as it would be. False: failed. */
bool plan_look(struct plan *plan, struct record_found *found);

/* One more: a record merged into another one, or with another JSON. */
bool plan_merge(struct plan *plan, int64_t id, int64_t into);
bool plan_change(struct plan *plan, int64_t id, const struct json *json);

#endif
