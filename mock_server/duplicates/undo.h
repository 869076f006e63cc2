/* Takes a merge back: everything is as it was, and what came since goes where it was meant to. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_UNDO_H
#define INVONCE_MOCK_SERVER_DUPLICATES_UNDO_H

#include "mock_server/duplicates/kinds.h"
#include "mock_server/duplicates/merges.h"

enum undo_end {
    UNDO_DONE,
    UNDO_ABSENT,  /* there is no such merge */
    UNDO_BEFORE,  /* it was undone before */
    UNDO_REFUSED, /* its record was merged itself since: by `other` */
    UNDO_FAILED,
};

struct undo_done {
    enum undo_end end;
    struct json *merge; /* as it is now; owned by the caller; NULL: none */
    int64_t other;
    size_t moved; /* records that are listed elsewhere again */
};

/* In a transaction, or, where `doer` is NULL, only as far as reading tells. False: failed, all of
 * it is to be undone. */
bool undo_merge(struct store_session *session, const char *tenant, int64_t id,
                const struct doer *doer, struct undo_done *done);

#endif
