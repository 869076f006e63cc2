/* Merges a group: its oldest record stands for the others from now on. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_MERGE_H
#define INVONCE_MOCK_SERVER_DUPLICATES_MERGE_H

#include "mock_server/duplicates/group.h"
#include "mock_server/duplicates/merges.h"

/* What was done, to be told. */
struct merge_done {
    int64_t merge; /* its id; 0: nothing was done */
    size_t moved;  /* records that were listed under those merged */
};

/* In a transaction, with a group that was read in it. False: failed, all of it is to be undone. */
bool merge_group(const struct group *group, struct store_session *session, const struct doer *doer,
                 struct merge_done *done);

/* The same in a plan. */
bool merge_plan(const struct group *group, struct plan *plan);

#endif
