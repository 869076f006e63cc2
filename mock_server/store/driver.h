/* What a kind of store is: a table of functions, each as store.h describes the one that leads to
 * it. Only for store/. */
#ifndef INVONCE_MOCK_SERVER_STORE_DRIVER_H
#define INVONCE_MOCK_SERVER_STORE_DRIVER_H

#include "mock_server/store/store.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/json.h"

struct store_driver {
    const char *scheme; /* of its URLs: "sqlite:" */

    /* What comes behind the scheme is the place. */
    struct store *(*open)(const char *place, unsigned without, char message[STORE_MESSAGE_MAX]);
    void (*close)(struct store *store);
    struct store_session *(*session_open_writing)(struct store *store);
    struct store_session *(*session_open_reading)(struct store *store);
    void (*session_close)(struct store_session *session);
    bool (*begin)(struct store_session *session);
    bool (*commit)(struct store_session *session);
    void (*rollback)(struct store_session *session);
    bool (*savepoint)(struct store_session *session);
    bool (*release)(struct store_session *session);
    bool (*undo)(struct store_session *session);
    void (*maintain)(struct store_session *writing);
    bool (*is_ready)(struct store_session *session);
    bool (*is_cramped)(const struct store_session *writing);
    bool (*is_lost)(struct store *store);
    bool (*probe)(struct store_session *session);
    enum store_status (*key_find)(struct store_session *session, const struct store_key *key,
                                  int64_t now, struct store_saved *saved);
    enum store_status (*key_claim)(struct store_session *session, const struct store_key *key,
                                   const char *fingerprint, const char *request,
                                   const struct store_reply *reply);
    enum store_status (*key_claim_in_progress)(struct store_session *session,
                                               const struct store_key *key, const char *fingerprint,
                                               const char *request,
                                               const unsigned char owner[STORE_OWNER_SIZE],
                                               int64_t lease_until);
    enum store_status (*key_take_over)(struct store_session *session, const struct store_key *key,
                                       const unsigned char owner[STORE_OWNER_SIZE],
                                       int64_t lease_until, int64_t now);
    enum store_status (*key_complete)(struct store_session *session, const struct store_key *key,
                                      const unsigned char owner[STORE_OWNER_SIZE],
                                      const struct store_reply *reply);
    enum store_status (*key_amend)(struct store_session *session, const struct store_key *key,
                                   const struct store_reply *reply);
    enum store_status (*keys_expire)(struct store_session *session, int64_t now, int limit,
                                     int *count);
    enum store_status (*next_id)(struct store_session *session,
                                 const struct store_collection *collection, int64_t first,
                                 int64_t *id);
    enum store_status (*claim)(struct store_session *session,
                               const struct store_collection *collection,
                               const struct store_claim *claim, int64_t id, int64_t *holder);
    enum store_status (*stand)(struct store_session *session,
                               const struct store_collection *collection,
                               const struct store_claim *claim, int64_t id);
    enum store_status (*unclaim)(struct store_session *session,
                                 const struct store_collection *collection,
                                 const struct store_claim *claim, int64_t id);
    enum store_status (*holder)(struct store_session *session,
                                const struct store_collection *collection,
                                const struct store_claim *claim, int64_t *id);
    enum store_status (*record_insert)(struct store_session *session,
                                       const struct store_collection *collection,
                                       const struct store_record *record);
    enum store_status (*record_change)(struct store_session *session,
                                       const struct store_collection *collection, int64_t id,
                                       const char *json);
    enum store_status (*record_find)(struct store_session *session,
                                     const struct store_collection *collection, int64_t id,
                                     enum store_age age, char **json);
    enum store_status (*record_list)(struct store_session *session,
                                     const struct store_filter *filter, store_record_each *each,
                                     void *context);
    enum store_status (*text_add)(struct store_session *session,
                                  const struct store_collection *collection,
                                  const struct store_text *text, int64_t id);
    enum store_status (*text_remove)(struct store_session *session,
                                     const struct store_collection *collection,
                                     const struct store_text *text, int64_t id);
    enum store_status (*complete)(struct store_session *session,
                                  const struct store_collection *collection, const char *prefix,
                                  int limit, store_record_each *each, void *context);
    enum store_status (*standing_list)(struct store_session *session, const char *tenant, int limit,
                                       store_standing_each *each, void *context);
    enum store_status (*standing_count)(struct store_session *session, const char *tenant,
                                        int64_t *groups);
    enum store_status (*event_insert)(struct store_session *session,
                                      const struct store_event *event);
    enum store_status (*event_find)(struct store_session *session, const struct store_event *event,
                                    char **fingerprint, int64_t *record_id);
    enum store_status (*audit_append)(struct store_session *session,
                                      struct store_audit_entry *entry);
    enum store_status (*audit_list)(struct store_session *session, const char *tenant,
                                    int64_t after, int limit, store_audit_each *each,
                                    void *context);
};

/* Each kind's own begins with these. */
struct store {
    const struct store_driver *driver;
};

struct store_session {
    const struct store_driver *driver;
};

/* Values as JSON, in the buffer; NULL: there are none, or `failed` is set. */
const char *store_values_write(const struct store_value values[STORE_VALUES_MAX],
                               struct buffer *buffer);

/* What is in such JSON (NULL: nothing), borrowed from what is returned, which the caller frees. */
struct json *store_values_read(const char *text, struct store_value values[STORE_VALUES_MAX]);

extern const struct store_driver sqlite_driver; /* store/sqlite/ */

#endif
