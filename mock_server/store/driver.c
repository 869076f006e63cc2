/* Each function of store.h leads to the one of its store's kind. */
#include "mock_server/store/driver.h"

#include <stdlib.h>

void store_saved_clear(struct store_saved *saved)
{
    free(saved->fingerprint);
    free(saved->request);
    free(saved->problem);
    free(saved->record_id);
    free(saved->location);
    free(saved->body);
    *saved = (struct store_saved){0};
}

void store_close(struct store *store)
{
    if (store) {
        store->driver->close(store);
    }
}

struct store_session *store_session_open_writing(struct store *store)
{
    return store->driver->session_open_writing(store);
}

struct store_session *store_session_open_reading(struct store *store)
{
    return store->driver->session_open_reading(store);
}

void store_session_close(struct store_session *session)
{
    if (session) {
        session->driver->session_close(session);
    }
}

bool store_begin(struct store_session *session)
{
    return session->driver->begin(session);
}

bool store_commit(struct store_session *session)
{
    return session->driver->commit(session);
}

void store_rollback(struct store_session *session)
{
    session->driver->rollback(session);
}

bool store_run_parts(struct store_session *session, size_t count, store_part *run, void *context)
{
    return session->driver->run_parts(session, count, run, context);
}

enum store_trouble store_trouble(const struct store_session *session)
{
    return session->driver->trouble(session);
}

bool store_savepoint(struct store_session *session)
{
    return session->driver->savepoint(session);
}

bool store_release(struct store_session *session)
{
    return session->driver->release(session);
}

bool store_undo(struct store_session *session)
{
    return session->driver->undo(session);
}

void store_maintain(struct store_session *writing)
{
    writing->driver->maintain(writing);
}

bool store_is_ready(struct store_session *session)
{
    return session->driver->is_ready(session);
}

bool store_is_cramped(const struct store_session *writing)
{
    return writing->driver->is_cramped(writing);
}

bool store_costs_a_batch(const struct store_session *writing)
{
    return writing->driver->costs_a_batch;
}

bool store_is_lost(struct store *store)
{
    return store->driver->is_lost(store);
}

uint64_t store_generation(struct store_session *reading)
{
    return reading->driver->generation(reading);
}

bool store_probe(struct store_session *session)
{
    return session->driver->probe(session);
}

enum store_status store_key_find(struct store_session *session, const struct store_key *key,
                                 int64_t now, struct store_saved *saved)
{
    return session->driver->key_find(session, key, now, saved);
}

enum store_status store_key_claim(struct store_session *session, const struct store_key *key,
                                  const char *fingerprint, const char *request,
                                  const struct store_reply *reply)
{
    return session->driver->key_claim(session, key, fingerprint, request, reply);
}

enum store_status store_key_claim_in_progress(struct store_session *session,
                                              const struct store_key *key, const char *fingerprint,
                                              const char *request,
                                              const unsigned char owner[STORE_OWNER_SIZE],
                                              int64_t lease_until)
{
    return session->driver->key_claim_in_progress(session, key, fingerprint, request, owner,
                                                  lease_until);
}

enum store_status store_key_take_over(struct store_session *session, const struct store_key *key,
                                      const unsigned char owner[STORE_OWNER_SIZE],
                                      int64_t lease_until, int64_t now)
{
    return session->driver->key_take_over(session, key, owner, lease_until, now);
}

enum store_status store_key_complete(struct store_session *session, const struct store_key *key,
                                     const unsigned char owner[STORE_OWNER_SIZE],
                                     const struct store_reply *reply)
{
    return session->driver->key_complete(session, key, owner, reply);
}

enum store_status store_key_amend(struct store_session *session, const struct store_key *key,
                                  const struct store_reply *reply)
{
    return session->driver->key_amend(session, key, reply);
}

enum store_status store_keys_expire(struct store_session *session, int64_t now, int limit,
                                    int *count)
{
    return session->driver->keys_expire(session, now, limit, count);
}

enum store_status store_next_id(struct store_session *session,
                                const struct store_collection *collection, int64_t first,
                                int64_t *id)
{
    return session->driver->next_id(session, collection, first, id);
}

enum store_status store_claim(struct store_session *session,
                              const struct store_collection *collection,
                              const struct store_claim *claim, int64_t id, int64_t *holder)
{
    return session->driver->claim(session, collection, claim, id, holder);
}

enum store_status store_stand(struct store_session *session,
                              const struct store_collection *collection,
                              const struct store_claim *claim, int64_t id)
{
    return session->driver->stand(session, collection, claim, id);
}

enum store_status store_unclaim(struct store_session *session,
                                const struct store_collection *collection,
                                const struct store_claim *claim, int64_t id)
{
    return session->driver->unclaim(session, collection, claim, id);
}

enum store_status store_holder(struct store_session *session,
                               const struct store_collection *collection,
                               const struct store_claim *claim, int64_t *id, int64_t *merged_into)
{
    return session->driver->holder(session, collection, claim, id, merged_into);
}

enum store_status store_record_insert(struct store_session *session,
                                      const struct store_collection *collection,
                                      const struct store_record *record)
{
    return session->driver->record_insert(session, collection, record);
}

enum store_status store_record_change(struct store_session *session,
                                      const struct store_collection *collection, int64_t id,
                                      const char *json)
{
    return session->driver->record_change(session, collection, id, json);
}

enum store_status store_record_move(struct store_session *session,
                                    const struct store_collection *collection, int64_t id,
                                    int64_t parent)
{
    return session->driver->record_move(session, collection, id, parent);
}

enum store_status store_record_merge(struct store_session *session,
                                     const struct store_collection *collection, int64_t id,
                                     int64_t into)
{
    return session->driver->record_merge(session, collection, id, into);
}

enum store_status store_record_find(struct store_session *session,
                                    const struct store_collection *collection, int64_t id,
                                    enum store_age age, char **json, int64_t *merged_into)
{
    return session->driver->record_find(session, collection, id, age, json, merged_into);
}

enum store_status store_record_list(struct store_session *session,
                                    const struct store_filter *filter, store_record_each *each,
                                    void *context)
{
    return session->driver->record_list(session, filter, each, context);
}

enum store_status store_text_add(struct store_session *session,
                                 const struct store_collection *collection,
                                 const struct store_text *text, int64_t id)
{
    return session->driver->text_add(session, collection, text, id);
}

enum store_status store_text_remove(struct store_session *session,
                                    const struct store_collection *collection,
                                    const struct store_text *text, int64_t id)
{
    return session->driver->text_remove(session, collection, text, id);
}

enum store_status store_complete(struct store_session *session,
                                 const struct store_collection *collection, const char *prefix,
                                 enum store_merged merged, int limit, store_record_each *each,
                                 void *context)
{
    return session->driver->complete(session, collection, prefix, merged, limit, each, context);
}

enum store_status store_standing_list(struct store_session *session,
                                      const struct store_standing *after, const char *tenant,
                                      const char *resource, int limit, store_standing_each *each,
                                      void *context)
{
    return session->driver->standing_list(session, after, tenant, resource, limit, each, context);
}

enum store_status store_standing_count(struct store_session *session, const char *tenant,
                                       int64_t *groups)
{
    return session->driver->standing_count(session, tenant, groups);
}

enum store_status store_event_insert(struct store_session *session, const struct store_event *event)
{
    return session->driver->event_insert(session, event);
}

enum store_status store_event_find(struct store_session *session, const struct store_event *event,
                                   char **fingerprint, int64_t *record_id)
{
    return session->driver->event_find(session, event, fingerprint, record_id);
}

enum store_status store_audit_append(struct store_session *session, struct store_audit_entry *entry)
{
    return session->driver->audit_append(session, entry);
}

enum store_status store_audit_list(struct store_session *session, const char *tenant, int64_t after,
                                   int limit, store_audit_each *each, void *context)
{
    return session->driver->audit_list(session, tenant, after, limit, each, context);
}

enum store_status store_behind_list(struct store_session *session, int limit,
                                    store_behind_each *each, void *context)
{
    return session->driver->behind_list(session, limit, each, context);
}

enum store_status store_mark_move(struct store_session *session, const char *tenant, int64_t from,
                                  int64_t to)
{
    return session->driver->mark_move(session, tenant, from, to);
}

enum store_status store_delivery_add(struct store_session *session,
                                     const struct store_delivery *delivery)
{
    return session->driver->delivery_add(session, delivery);
}

enum store_status store_deliveries_next(struct store_session *session, int64_t *next_at)
{
    return session->driver->deliveries_next(session, next_at);
}

enum store_status store_deliveries_lease(struct store_session *session,
                                         const struct store_lease *lease, int limit,
                                         store_delivery_each *each, void *context)
{
    return session->driver->deliveries_lease(session, lease, limit, each, context);
}

enum store_status store_delivery_done(struct store_session *session,
                                      const struct store_delivery *delivery,
                                      const unsigned char owner[STORE_OWNER_SIZE])
{
    return session->driver->delivery_done(session, delivery, owner);
}

enum store_status store_delivery_put_off(struct store_session *session,
                                         const struct store_delivery *delivery,
                                         const unsigned char owner[STORE_OWNER_SIZE])
{
    return session->driver->delivery_put_off(session, delivery, owner);
}

enum store_status store_deliveries_park(struct store_session *session, int64_t now, int64_t since,
                                        const char *trouble, int64_t *count)
{
    return session->driver->deliveries_park(session, now, since, trouble, count);
}

enum store_status store_delivery_list(struct store_session *session,
                                      const struct store_delivery_filter *filter,
                                      store_delivery_each *each, void *context)
{
    return session->driver->delivery_list(session, filter, each, context);
}

enum store_status store_delivery_retry(struct store_session *session, const char *tenant,
                                       int64_t seq, int64_t now)
{
    return session->driver->delivery_retry(session, tenant, seq, now);
}

enum store_status store_delivery_discard(struct store_session *session, const char *tenant,
                                         int64_t seq, int64_t now)
{
    return session->driver->delivery_discard(session, tenant, seq, now);
}

enum store_status store_deliveries_count(struct store_session *session,
                                         struct store_delivery_counts *counts)
{
    return session->driver->deliveries_count(session, counts);
}
