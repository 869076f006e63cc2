/* What a kind of store is: a table of functions, each as store.h declares and describes the one
 * that leads to it. Only for store/. */
#ifndef INVONCE_MOCK_SERVER_STORE_DRIVER_H
#define INVONCE_MOCK_SERVER_STORE_DRIVER_H

#include "mock_server/store/store.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/json.h"

struct store_driver {
    const char *schemes[2]; /* that its URLs begin with: "sqlite:" */
    bool costs_a_batch;
    __typeof__(store_open) *open;
    __typeof__(store_close) *close;
    __typeof__(store_session_open_writing) *session_open_writing;
    __typeof__(store_session_open_reading) *session_open_reading;
    __typeof__(store_session_close) *session_close;
    __typeof__(store_begin) *begin;
    __typeof__(store_commit) *commit;
    __typeof__(store_rollback) *rollback;
    __typeof__(store_run_parts) *run_parts;
    __typeof__(store_trouble) *trouble;
    __typeof__(store_savepoint) *savepoint;
    __typeof__(store_release) *release;
    __typeof__(store_undo) *undo;
    __typeof__(store_maintain) *maintain;
    __typeof__(store_is_ready) *is_ready;
    __typeof__(store_is_cramped) *is_cramped;
    __typeof__(store_is_lost) *is_lost;
    __typeof__(store_generation) *generation;
    __typeof__(store_probe) *probe;
    __typeof__(store_key_find) *key_find;
    __typeof__(store_key_claim) *key_claim;
    __typeof__(store_key_claim_in_progress) *key_claim_in_progress;
    __typeof__(store_key_take_over) *key_take_over;
    __typeof__(store_key_complete) *key_complete;
    __typeof__(store_key_amend) *key_amend;
    __typeof__(store_keys_expire) *keys_expire;
    __typeof__(store_next_id) *next_id;
    __typeof__(store_claim) *claim;
    __typeof__(store_stand) *stand;
    __typeof__(store_unclaim) *unclaim;
    __typeof__(store_holder) *holder;
    __typeof__(store_record_insert) *record_insert;
    __typeof__(store_record_change) *record_change;
    __typeof__(store_record_move) *record_move;
    __typeof__(store_record_merge) *record_merge;
    __typeof__(store_record_find) *record_find;
    __typeof__(store_record_list) *record_list;
    __typeof__(store_text_add) *text_add;
    __typeof__(store_text_remove) *text_remove;
    __typeof__(store_complete) *complete;
    __typeof__(store_standing_list) *standing_list;
    __typeof__(store_standing_count) *standing_count;
    __typeof__(store_event_insert) *event_insert;
    __typeof__(store_event_find) *event_find;
    __typeof__(store_audit_append) *audit_append;
    __typeof__(store_audit_list) *audit_list;
    __typeof__(store_behind_list) *behind_list;
    __typeof__(store_mark_move) *mark_move;
    __typeof__(store_delivery_add) *delivery_add;
    __typeof__(store_deliveries_next) *deliveries_next;
    __typeof__(store_deliveries_lease) *deliveries_lease;
    __typeof__(store_delivery_done) *delivery_done;
    __typeof__(store_delivery_put_off) *delivery_put_off;
    __typeof__(store_deliveries_park) *deliveries_park;
    __typeof__(store_delivery_list) *delivery_list;
    __typeof__(store_delivery_retry) *delivery_retry;
    __typeof__(store_delivery_discard) *delivery_discard;
    __typeof__(store_deliveries_count) *deliveries_count;
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

/* The sentence for a store `name` that was made with other layers. */
void store_refuse_layers(const char *name, unsigned made, unsigned without,
                         char message[STORE_MESSAGE_MAX]);

extern const struct store_driver sqlite_driver;   /* store/sqlite/ */
extern const struct store_driver postgres_driver; /* store/postgres/ */

#endif
