#include "mock_server/deliveries/posting.h"

#include "mock_server/base/log.h"
#include "mock_server/deliveries/letter.h"
#include "mock_server/engine/ids.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/resources/resources.h"

#include <assert.h>
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN_MS 1000 /* of a lease, behind the longest post */

int64_t posting_lease_ms(const struct posting *posting)
{
    return 2 * (posting->timeout_ms + MARGIN_MS);
}

static size_t held(const struct posting *posting)
{
    size_t count = 0;
    for (size_t i = 0; i < PARCELS; i++) {
        count += posting->parcels[i].state != PARCEL_NONE;
    }
    return count;
}

size_t posting_room(const struct posting *posting)
{
    if (pace_at_once(&posting->pace, clock_monotonic_ms()) == 0) {
        return 0;
    }
    size_t count = held(posting);
    return pace_is_down(&posting->pace) ? count == 0 : PARCELS - count;
}

void posting_take(struct posting *posting, struct parcel *leased)
{
    size_t at = 0;
    while (at < PARCELS && posting->parcels[at].state != PARCEL_NONE) {
        at++;
    }
    assert(at < PARCELS); /* no more are leased than there is room for */
    posting->parcels[at] = *leased;
    *leased = (struct parcel){0};
}

size_t posting_settled(const struct posting *posting, const struct parcel *settled[PARCELS])
{
    size_t count = 0;
    for (size_t i = 0; i < PARCELS; i++) {
        const struct parcel *parcel = &posting->parcels[i];
        if (parcel->state == PARCEL_DONE || parcel->state == PARCEL_PUT_OFF) {
            settled[count++] = parcel;
        }
    }
    return count;
}

void posting_count(struct posting *posting, enum count which, int64_t more)
{
    atomic_fetch_add_explicit(&posting->counts[which], (uint64_t)more, memory_order_relaxed);
}

static uint32_t entropy(void)
{
    uint32_t random = 0;
    return RAND_bytes((unsigned char *)&random, sizeof random) == 1 ? random : UINT32_MAX / 2;
}

/* --- what becomes of one --- */

static void set_trouble(struct parcel *parcel, const char *trouble)
{
    free((void *)(uintptr_t)parcel->delivery.trouble);
    parcel->delivery.trouble = strdup(trouble);
}

/* Nothing was tried. */
static void put_back(struct parcel *parcel, int64_t after_ms)
{
    parcel->state = PARCEL_PUT_OFF;
    parcel->delivery.next_at = clock_now_ms() + after_ms;
}

static void park(struct posting *posting, struct parcel *parcel)
{
    const struct store_delivery *delivery = &parcel->delivery;
    struct log_line line;
    parcel->state = PARCEL_PUT_OFF;
    parcel->delivery.next_at = 0;
    posting_count(posting, COUNT_PARKED, 1);
    log_begin(&line, "warn", "a delivery is parked");
    log_text(&line, "tenant", delivery->tenant);
    log_text(&line, "event_id", delivery->event_id);
    log_text(&line, "type", delivery->type);
    log_text(&line, "record_id", delivery->record_id);
    log_number(&line, "attempts", delivery->attempts);
    log_text(&line, "trouble", delivery->trouble);
    log_end(&line);
}

static void put_off(struct posting *posting, struct parcel *parcel, const struct result *result)
{
    int64_t now = clock_now_ms();
    parcel->state = PARCEL_PUT_OFF;
    parcel->delivery.attempts++;
    set_trouble(parcel, result->trouble);
    posting_count(posting, COUNT_FAILED, 1);
    if (now - parcel->delivery.since >= posting->period_ms) {
        park(posting, parcel);
    } else if (result->verdict == VERDICT_UNREACHED) {
        parcel->delivery.next_at = now; /* the pace is the same for all */
    } else {
        parcel->delivery.next_at =
            now + pace_delay_ms(parcel->delivery.attempts, result->asked_ms, entropy());
    }
}

/* --- the receiver --- */

static void tell_of_receiver(struct posting *posting)
{
    if (pace_is_down(&posting->pace) == posting->was_down) {
        return;
    }
    posting->was_down = !posting->was_down;
    struct log_line line;
    log_begin(&line, posting->was_down ? "warn" : "info",
              posting->was_down ? "deliveries fail: one is tried at a time"
                                : "deliveries are taken again");
    log_text(&line, "receiver", posting->receiver.name);
    log_text(&line, "trouble", posting->was_down ? posting->trouble : NULL);
    log_end(&line);
}

static void note_pace(struct posting *posting, const struct result *result)
{
    int64_t now = clock_monotonic_ms();
    switch (result->verdict) {
    case VERDICT_DELIVERED:
    case VERDICT_REFUSED:
        pace_answered(&posting->pace);
        break;
    case VERDICT_FAILED:
        pace_failed(&posting->pace, now, result->asked_ms, entropy());
        break;
    case VERDICT_UNREACHED:
        pace_unreached(&posting->pace, now, entropy());
        break;
    }
    if (result->trouble[0]) {
        memcpy(posting->trouble, result->trouble, sizeof posting->trouble);
    }
    posting->probe_failed = pace_is_down(&posting->pace);
    tell_of_receiver(posting);
}

static void end_post(struct posting *posting, struct parcel *parcel, const struct result *result)
{
    poster->end(posting->posts, parcel->post);
    parcel->post = NULL;
    posting->under_way--;
    if (result->verdict == VERDICT_DELIVERED) {
        parcel->state = PARCEL_DONE;
        posting_count(posting, COUNT_DELIVERED, 1);
    } else {
        put_off(posting, parcel, result);
    }
}

void posting_drive(struct posting *posting)
{
    struct result result;
    void *owner = NULL;
    while (poster->next(posting->posts, &result, &owner)) {
        note_pace(posting, &result);
        end_post(posting, owner, &result);
    }
}

/* --- posting --- */

static enum store_status find_record(struct store_session *session,
                                     const struct store_delivery *delivery, char **json)
{
    const struct store_collection collection = {delivery->tenant, delivery->resource};
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        int64_t id = 0;
        if (strcmp(RESOURCES[i]->name, delivery->resource) == 0 &&
            id_parse(RESOURCES[i]->id_prefix, delivery->record_id, &id)) {
            return session ? store_record_find(session, &collection, id, STORE_CREATED, json, NULL)
                           : STORE_FAILED;
        }
    }
    return STORE_ABSENT;
}

static void post(struct posting *posting, struct parcel *parcel, const char *data)
{
    const struct receiver *receiver = &posting->receiver;
    struct letter letter;
    if (letter_write(&letter, receiver, &parcel->delivery, data)) {
        const struct post_request request = {.url = receiver->url,
                                             .ca_file = receiver->ca_file,
                                             .is_plain = receiver->is_plain,
                                             .headers = (const char *const *)letter.lines,
                                             .body = letter.body,
                                             .length = letter.length,
                                             .timeout_ms = posting->timeout_ms,
                                             .owner = parcel};
        letter.body = NULL;
        parcel->post = poster->begin(posting->posts, &request);
    }
    letter_clear(&letter);
    if (parcel->post) {
        parcel->state = PARCEL_SENT;
        posting->under_way++;
    } else {
        put_back(parcel, PACE_DELAY_MS);
    }
}

static void begin_one(struct posting *posting, struct parcel *parcel, struct store_session *session)
{
    char *record = NULL;
    enum store_status status =
        parcel->delivery.data ? STORE_OK : find_record(session, &parcel->delivery, &record);
    if (status == STORE_OK) {
        post(posting, parcel, record ? record : parcel->delivery.data);
    } else if (status == STORE_ABSENT) {
        set_trouble(parcel, "this server knows no such record");
        park(posting, parcel);
    } else {
        put_back(parcel, PACE_DELAY_MS);
    }
    free(record);
}

/* What can't begin in time is given back; of a receiver that is down, what isn't the one probe. */
void posting_begin(struct posting *posting, struct store_session *session)
{
    for (size_t i = 0; i < PARCELS; i++) {
        struct parcel *parcel = &posting->parcels[i];
        if (parcel->state != PARCEL_WAITS) {
            continue;
        }
        bool may = posting->under_way < pace_at_once(&posting->pace, clock_monotonic_ms());
        if (clock_now_ms() + posting->timeout_ms + MARGIN_MS / 2 > parcel->lease_until ||
            (!may && pace_is_down(&posting->pace))) {
            put_back(parcel, 0);
        } else if (may) {
            begin_one(posting, parcel, session);
        }
    }
}

/* --- the end --- */

void posting_give_back(struct posting *posting)
{
    for (size_t i = 0; i < PARCELS; i++) {
        if (posting->parcels[i].state == PARCEL_WAITS) {
            put_back(&posting->parcels[i], 0);
        }
    }
}

void posting_cut(struct posting *posting)
{
    static const struct result CUT = {VERDICT_UNREACHED, 0, "the server stopped meanwhile"};
    for (size_t i = 0; i < PARCELS; i++) {
        if (posting->parcels[i].state == PARCEL_SENT) {
            end_post(posting, &posting->parcels[i], &CUT);
        }
    }
}
