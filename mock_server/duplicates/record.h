/* Records that are there: read, their JSON taken apart and put together, and written back. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_RECORD_H
#define INVONCE_MOCK_SERVER_DUPLICATES_RECORD_H

#include "mock_server/store/store.h"
#include "protocol/wire/json.h"

struct record_found {
    int64_t id;
    struct json *json; /* owned */
    int64_t created_at;
    int64_t merged_into; /* 0: into none */
};

enum store_status record_read(struct store_session *session,
                              const struct store_collection *collection, int64_t id,
                              enum store_age age, struct record_found *found);
void record_release(struct record_found *found);

/* Writes its JSON as it is now; the same as it was created: takes that. The JSON stays the
 * caller's. */
bool record_save(struct store_session *session, const struct store_collection *collection,
                 int64_t id, const struct json *json);

/* The object with another value in the place of a member, or at its end; a value that is NULL takes
 * the member away. Takes both over; NULL: out of memory. */
struct json *record_with(struct json *object, const char *name, struct json *value);

/* What merged_mark marked, as it was before. Takes the JSON over; NULL: out of memory. */
struct json *record_unmark(struct json *json, const struct json *created);

/* Ids and JSON, gathered page by page. */
struct record_list {
    struct record_row {
        int64_t id;
        char *json;
    } * rows;
    size_t count, room;
    bool failed;
};

/* All that the filter lets through, whatever its `before` and `limit`. False: failed. */
bool record_gather(struct store_session *session, struct store_filter filter,
                   struct record_list *list);
void record_list_clear(struct record_list *list);

#endif
