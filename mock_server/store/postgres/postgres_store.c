/* Opening a store on PostgreSQL, and the driver's table. */
#include "mock_server/store/postgres/postgres_session.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

static void close_store(struct store *base)
{
    struct postgres_store *store = postgres_store_of(base);
    free(store->url);
    free(store->facts);
    free(store);
}

static bool name_writer(struct postgres_session *session)
{
    unsigned char random[16];
    bool ok = RAND_bytes(random, sizeof random) == 1;
    for (size_t i = 0; ok && i < sizeof random; i++) {
        snprintf(session->writer + 2 * i, 3, "%02x", random[i]);
    }
    return ok;
}

static void close_session(struct store_session *base)
{
    struct postgres_session *session = postgres_session_of(base);
    postgres_disconnect(session);
    postgres_tenants_forget(session);
    postgres_free_requests(session);
    postgres_free_batch(session);
    buffer_clear(&session->scratch);
    free(session->tenants);
    free(session);
}

static struct postgres_session *open_session(struct postgres_store *store)
{
    struct postgres_session *session = calloc(1, sizeof(struct postgres_session));
    if (session) {
        session->base.driver = &postgres_driver;
        session->store = store;
    }
    return session;
}

/* It connects when it is first needed, and whenever it has to again. */
static struct store_session *open_reading(struct store *base)
{
    struct postgres_session *session = open_session(postgres_store_of(base));
    return session ? &session->base : NULL;
}

static struct store_session *open_writing(struct store *base)
{
    struct postgres_session *session = open_session(postgres_store_of(base));
    if (session && !name_writer(session)) {
        close_session(&session->base);
        return NULL;
    }
    if (session) {
        session->writing = true;
    }
    return session ? &session->base : NULL;
}

static bool prepare(struct postgres_store *store, const struct store_options *options,
                    char message[STORE_MESSAGE_MAX])
{
    struct postgres_session *session = open_session(store);
    bool ok = session && postgres_connect_first(session, message) &&
              postgres_make_schema(session, options, message);
    if (session) {
        close_session(&session->base);
    }
    return ok;
}

static struct store *open_store(const char *url, const struct store_options *options,
                                char message[STORE_MESSAGE_MAX])
{
    snprintf(message, STORE_MESSAGE_MAX, "out of memory");
    struct postgres_store *store = calloc(1, sizeof(struct postgres_store));
    if (!store) {
        return NULL;
    }
    store->base.driver = &postgres_driver;
    store->without = options->without;
    store->url = strdup(url);
    store->refusal = message;
    if (!store->url || !prepare(store, options, message)) {
        close_store(&store->base);
        return NULL;
    }
    store->refusal = NULL;
    return &store->base;
}

static void maintain(struct store_session *base)
{
    (void)base; /* PostgreSQL does it by itself */
}

static bool is_ready(struct store_session *base)
{
    PGresult *result = postgres_select(postgres_session_of(base), "SELECT 1", "", NULL);
    PQclear(result);
    return result != NULL;
}

static bool is_cramped(const struct store_session *base)
{
    (void)base; /* a full disk is known by the commit that fails */
    return false;
}

static bool is_lost(struct store *base)
{
    (void)base;
    return false;
}

static enum store_trouble trouble(const struct store_session *base)
{
    return ((const struct postgres_session *)(const void *)base)->trouble;
}

/* Other processes write at any time. */
static uint64_t generation(struct store_session *base)
{
    (void)base;
    return 0;
}

const struct store_driver postgres_driver = {
    .schemes = {"postgresql://", "postgres://"},
    .costs_a_batch = true,
    .open = open_store,
    .close = close_store,
    .session_open_writing = open_writing,
    .session_open_reading = open_reading,
    .session_close = close_session,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .run_parts = postgres_run_parts,
    .trouble = trouble,
    .savepoint = postgres_savepoint,
    .release = postgres_release,
    .undo = postgres_undo,
    .maintain = maintain,
    .is_ready = is_ready,
    .is_cramped = is_cramped,
    .is_lost = is_lost,
    .generation = generation,
    .probe = postgres_probe,
    .key_find = postgres_key_find,
    .key_claim = postgres_key_claim,
    .key_claim_in_progress = postgres_key_claim_in_progress,
    .key_take_over = postgres_key_take_over,
    .key_complete = postgres_key_complete,
    .key_amend = postgres_key_amend,
    .keys_expire = postgres_keys_expire,
    .next_id = postgres_next_id,
    .claim = postgres_claim,
    .stand = postgres_stand,
    .unclaim = postgres_unclaim,
    .holder = postgres_holder,
    .record_insert = postgres_record_insert,
    .record_change = postgres_record_change,
    .record_move = postgres_record_move,
    .record_merge = postgres_record_merge,
    .record_find = postgres_record_find,
    .record_list = postgres_record_list,
    .text_add = postgres_text_add,
    .text_remove = postgres_text_remove,
    .complete = postgres_complete,
    .standing_list = postgres_standing_list,
    .standing_count = postgres_standing_count,
    .event_insert = postgres_event_insert,
    .event_find = postgres_event_find,
    .audit_append = postgres_audit_append,
    .audit_list = postgres_audit_list,
    .behind_list = postgres_behind_list,
    .mark_move = postgres_mark_move,
    .delivery_add = postgres_delivery_add,
    .deliveries_next = postgres_deliveries_next,
    .deliveries_lease = postgres_deliveries_lease,
    .delivery_done = postgres_delivery_done,
    .delivery_put_off = postgres_delivery_put_off,
    .deliveries_park = postgres_deliveries_park,
    .delivery_list = postgres_delivery_list,
    .delivery_retry = postgres_delivery_retry,
    .delivery_discard = postgres_delivery_discard,
    .deliveries_count = postgres_deliveries_count,
};
