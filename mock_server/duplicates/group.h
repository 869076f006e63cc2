/* A group of records that break one rule: who they are, the oldest first, and what is to become of
 * them. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_GROUP_H
#define INVONCE_MOCK_SERVER_DUPLICATES_GROUP_H

#include "mock_server/duplicates/plan.h"
#include "protocol/wire/resource.h"

/* What merging would do with it. */
enum group_action {
    GROUP_MERGE,
    GROUP_LEAVE, /* for the reason */
    GROUP_NONE,  /* it is no group (any more) */
};

struct group {
    const char *tenant;
    const struct resource *resource;
    const struct unique_rule *rule;
    char *value; /* owned; as it is compared */

    struct record_found *members; /* merged into none; the first stands for all of them */
    struct json **missing;        /* of each, the lines that the ones before it lack */
    size_t count, room;

    enum group_action action;
    const char *reason;
    bool takes_lines;    /* some of the missing ones */
    struct json *winner; /* as it would be then; NULL: as it is */
};

/* `plan` NULL: as the session sees it. False: failed. To be cleared either way. */
bool group_read(struct group *group, struct store_session *session, struct plan *plan,
                bool take_lines);
void group_clear(struct group *group);

/* Clears it but for the rule and the value. */
void group_forget(struct group *group);

/* Each value of a rule that has records standing in its way, one after the other: sets
 * group->value. STORE_ABSENT: there are no more. */
enum store_status group_next(struct group *group, struct store_session *session);

/* Whether a record stands in the way of a rule, and who claimed its value (0: nobody). */
enum store_status group_stands(struct store_session *session,
                               const struct store_collection *collection, const char *rule,
                               const char *value, int64_t id, bool *stands, int64_t *holder);

#endif
