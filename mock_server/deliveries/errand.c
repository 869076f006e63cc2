#include "mock_server/deliveries/errand.h"

#include "mock_server/engine/ids.h"
#include "protocol/wire/idempotency_key.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void parcel_clear(struct parcel *parcel)
{
    const struct store_delivery *delivery = &parcel->delivery;
    const char *const texts[] = {delivery->tenant,   delivery->event_id,  delivery->type,
                                 delivery->resource, delivery->record_id, delivery->data,
                                 delivery->trouble};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        free((void *)(uintptr_t)texts[i]);
    }
    *parcel = (struct parcel){0};
}

static struct errand *errand_of(struct writer_job *job)
{
    return (struct errand *)(void *)((char *)job - offsetof(struct errand, job));
}

/* --- what the audit tells of --- */

/* As it is now, and not as it will be when it is posted once more. */
static bool find_data(struct store_session *session, const char *tenant, const struct event *event,
                      char **data)
{
    const struct store_collection collection = {tenant, event->resource->name};
    int64_t id = 0;
    *data = NULL;
    if (event->is_creation || !id_parse(event->resource->id_prefix, event->record_id, &id)) {
        return true;
    }
    return store_record_find(session, &collection, id, STORE_NOW, data, NULL) != STORE_FAILED;
}

static bool note_event(struct store_session *session, const char *tenant, const struct event *event,
                       int64_t now)
{
    char event_id[IDEMPOTENCY_KEY_SIZE], *data = NULL;
    idempotency_key_make(event_id);
    bool ok = find_data(session, tenant, event, &data);
    const struct store_delivery delivery = {
        .tenant = tenant,
        .seq = event->seq,
        .event_id = event_id,
        .type = event->type,
        .resource = event->resource->name,
        .record_id = event->record_id,
        .data = data,
        .at = event->at,
        .since = now,
        .next_at = now,
    };
    ok = ok && store_delivery_add(session, &delivery) == STORE_OK;
    free(data);
    return ok;
}

/* Another process may have been there first: then there is nothing left to be done. */
static bool note_page(struct errand *errand, struct store_session *session, const struct page *page,
                      int64_t now)
{
    enum store_status status = store_mark_move(session, page->tenant, page->from, page->to);
    if (status != STORE_OK) {
        return status == STORE_ABSENT;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < page->count; i++) {
        ok = note_event(session, page->tenant, &page->events[i], now);
    }
    errand->passed += page->passed;
    errand->discards += page->discards;
    return ok;
}

/* --- what is due --- */

static const char *copy(struct errand *errand, const char *text)
{
    char *own = text ? strdup(text) : NULL;
    errand->failed = errand->failed || (text && !own);
    return own;
}

static void take_leased(void *context, const struct store_delivery *delivery)
{
    struct errand *errand = context;
    assert(errand->leased_count < PARCELS);
    struct parcel *parcel = &errand->leased[errand->leased_count++];
    parcel->state = PARCEL_WAITS;
    parcel->lease_until = delivery->next_at;
    parcel->delivery = *delivery;
    parcel->delivery.tenant = copy(errand, delivery->tenant);
    parcel->delivery.event_id = copy(errand, delivery->event_id);
    parcel->delivery.type = copy(errand, delivery->type);
    parcel->delivery.resource = copy(errand, delivery->resource);
    parcel->delivery.record_id = copy(errand, delivery->record_id);
    parcel->delivery.data = copy(errand, delivery->data);
    parcel->delivery.trouble = copy(errand, delivery->trouble);
}

static bool lease(struct errand *errand, struct store_session *session, int64_t now)
{
    struct store_lease leased = {.now = now, .until = now + errand->lease_ms};
    memcpy(leased.owner, errand->owner, sizeof leased.owner);
    return store_deliveries_lease(session, &leased, (int)errand->wanted, take_leased, errand) ==
           STORE_OK;
}

/* --- the job --- */

static void forget_results(struct errand *errand)
{
    for (size_t i = 0; i < errand->leased_count; i++) {
        parcel_clear(&errand->leased[i]);
    }
    errand->leased_count = 0;
    errand->parked = errand->passed = errand->discards = 0;
    errand->failed = false;
}

static bool settle(const struct errand *errand, struct store_session *session)
{
    bool ok = true;
    for (size_t i = 0; ok && i < errand->settled_count; i++) {
        const struct parcel *parcel = errand->settled[i];
        ok = (parcel->state == PARCEL_DONE
                  ? store_delivery_done(session, &parcel->delivery, errand->owner)
                  : store_delivery_put_off(session, &parcel->delivery, errand->owner)) == STORE_OK;
    }
    return ok;
}

static bool run(struct writer_job *job, struct store_session *session, int64_t now)
{
    struct errand *errand = errand_of(job);
    forget_results(errand);
    bool ok = settle(errand, session);
    for (size_t i = 0; ok && i < errand->outbox->count; i++) {
        ok = note_page(errand, session, errand->outbox->pages[i], now);
    }
    if (ok && errand->park_after_ms > 0) {
        ok = store_deliveries_park(session, now, now - errand->park_after_ms, errand->park_trouble,
                                   &errand->parked) == STORE_OK;
    }
    ok = ok && (errand->wanted == 0 || lease(errand, session, now));
    return ok && !errand->failed;
}

static void done(struct writer_job *job, enum writer_end end)
{
    struct errand *errand = errand_of(job);
    errand->kept = end == WRITER_KEPT;
    if (!errand->kept) {
        forget_results(errand);
    }
    atomic_store(&errand->is_out, false);
    errand->tell();
}

void errand_send(struct errand *errand, bool hurry)
{
    assert(!errand_is_out(errand));
    errand->job.run = run;
    errand->job.done = done;
    atomic_store(&errand->is_out, true);
    if (hurry) {
        writer_submit_behind(&errand->job);
    } else {
        writer_submit_lazily(&errand->job);
    }
}

bool errand_is_out(const struct errand *errand)
{
    return atomic_load(&errand->is_out);
}

void errand_clear(struct errand *errand)
{
    assert(!errand_is_out(errand));
    forget_results(errand);
}
