/* Records that break a rule: found, merged, counted, and merges taken back. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_DUPLICATES_H
#define INVONCE_MOCK_SERVER_DUPLICATES_DUPLICATES_H

#include "mock_server/duplicates/task.h"

struct cleaning {
    struct task task;
    bool take_lines;
};

/* Each gives the exit code. */
int duplicates_find(struct cleaning *cleaning);
int duplicates_enforce(struct cleaning *cleaning);
int duplicates_merge(struct cleaning *cleaning);
int duplicates_undo(struct cleaning *cleaning, int64_t merge);
int duplicates_undo_list(struct cleaning *cleaning);

#endif
