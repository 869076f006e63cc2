#include "mock_server/deliveries/deliveries.h"

#include "mock_server/base/log.h"
#include "mock_server/base/settings.h"
#include "mock_server/deliveries/posting.h"
#include "mock_server/engine/readers.h"
#include "protocol/wire/clock.h"

#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SWEEP_MS     1000 /* between two looks for what other processes left to be done */
#define REST         9    /* times as long as a look took */
#define TROUBLE_MS   1000 /* until the store is asked again that failed */
#define STOP_STEP_MS 20

static struct {
    atomic_bool is_running;
    pthread_t thread;
    atomic_bool woken, stopping;
    atomic_llong cut_at; /* monotonic ms, of a stop */
    struct posting posting;
    struct outbox outbox;
    struct errand errand;
    bool errand_was_out;
    bool is_due, hurry;
    int64_t told_since;                     /* of history, what is younger than that */
    int64_t look_at, rest_until, errand_at; /* monotonic ms */
} deliveries;

void deliveries_wake(void)
{
    if (deliveries.is_running && !atomic_exchange(&deliveries.woken, true)) {
        poster->wake(deliveries.posting.posts);
    }
}

static void wake_always(void)
{
    poster->wake(deliveries.posting.posts);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* --- looking --- */

static void look(void)
{
    int64_t began = clock_monotonic_ms(), now = clock_now_ms(), next_at = 0;
    atomic_store(&deliveries.woken, false);
    struct store_session *session = readers_session();
    bool ok = session && outbox_read(&deliveries.outbox, session, deliveries.told_since) &&
              store_deliveries_next(session, &next_at) == STORE_OK;
    int64_t ended = clock_monotonic_ms();
    deliveries.is_due = ok && next_at > 0 && next_at <= now;
    deliveries.rest_until = ended + REST * (ended - began);
    deliveries.look_at = ended + SWEEP_MS;
    if (ok && next_at > now) {
        deliveries.look_at = ended + least(next_at - now, SWEEP_MS);
    }
}

static bool may_look(int64_t now)
{
    return !atomic_load(&deliveries.stopping) && now >= deliveries.rest_until &&
           (now >= deliveries.look_at || atomic_load(&deliveries.woken));
}

/* --- errands --- */

static void tell_passed(int64_t passed)
{
    struct log_line line;
    log_begin(&line, "info", "events from before the deliveries began are not delivered");
    log_number(&line, "events", passed);
    log_end(&line);
}

static void tell_parked(int64_t parked)
{
    struct log_line line;
    log_begin(&line, "warn", "deliveries are parked");
    log_number(&line, "deliveries", parked);
    log_text(&line, "trouble", deliveries.posting.trouble);
    log_end(&line);
}

static void take_results(struct errand *errand)
{
    struct posting *posting = &deliveries.posting;
    for (size_t i = 0; i < errand->settled_count; i++) {
        parcel_clear((struct parcel *)(uintptr_t)errand->settled[i]);
    }
    bool is_all = errand->wanted > 0 && (int64_t)errand->leased_count == errand->wanted;
    for (size_t i = 0; i < errand->leased_count; i++) {
        posting_take(posting, &errand->leased[i]);
    }
    errand->leased_count = 0;
    posting_count(posting, COUNT_DISCARDED, errand->discards);
    posting_count(posting, COUNT_PARKED, errand->parked);
    if (errand->passed > 0) {
        tell_passed(errand->passed);
    }
    if (errand->parked > 0) {
        tell_parked(errand->parked);
    }
    deliveries.is_due = deliveries.hurry = is_all;
    if (deliveries.outbox.is_full) {
        deliveries.hurry = true;
        deliveries.look_at = 0;
    }
}

/* True when there was one to come back, and it has. */
static bool take_errand_back(void)
{
    struct errand *errand = &deliveries.errand;
    if (!deliveries.errand_was_out || errand_is_out(errand)) {
        return false;
    }
    deliveries.errand_was_out = false;
    if (errand->kept) {
        take_results(errand);
    } else {
        deliveries.errand_at = clock_monotonic_ms() + TROUBLE_MS;
        deliveries.look_at = deliveries.errand_at;
    }
    outbox_empty(&deliveries.outbox);
    return true;
}

static bool send_errand(void)
{
    struct errand *errand = &deliveries.errand;
    struct posting *posting = &deliveries.posting;
    bool stopping = atomic_load(&deliveries.stopping);
    errand->settled_count = posting_settled(posting, errand->settled);
    errand->wanted =
        !stopping && (deliveries.is_due || deliveries.outbox.count > 0) ? posting_room(posting) : 0;
    errand->park_after_ms = posting->probe_failed ? posting->period_ms : 0;
    memcpy(errand->park_trouble, posting->trouble, sizeof errand->park_trouble);
    if (errand->settled_count == 0 && errand->wanted == 0 && deliveries.outbox.count == 0) {
        return false;
    }
    posting->probe_failed = false;
    deliveries.errand_was_out = true;
    errand_send(errand, deliveries.hurry || stopping);
    return true;
}

/* --- the loop --- */

/* An errand that is out wakes the thread when it is back, as do posts that end. */
static int64_t next_turn_at(int64_t now)
{
    int64_t until = now + SWEEP_MS, not_before = deliveries.posting.pace.not_before;
    if (not_before > now) {
        until = least(until, not_before);
    }
    if (atomic_load(&deliveries.stopping)) {
        return least(until, now + STOP_STEP_MS);
    }
    if (deliveries.errand_was_out) {
        return until;
    }
    if (deliveries.errand_at > now) {
        return least(until, deliveries.errand_at);
    }
    return least(until,
                 atomic_load(&deliveries.woken) ? deliveries.rest_until : deliveries.look_at);
}

static void take_a_break(void)
{
    int64_t now = clock_monotonic_ms(), until = next_turn_at(now);
    poster->wait(deliveries.posting.posts, until > now ? (int)(until - now) : 0);
}

static void turn(void)
{
    int64_t now = clock_monotonic_ms();
    posting_drive(&deliveries.posting);
    take_errand_back();
    posting_begin(&deliveries.posting, readers_session());
    if (deliveries.errand_was_out || now < deliveries.errand_at) {
        return;
    }
    if (may_look(now)) {
        look();
    }
    send_errand();
}

/* What is under way may end, in time; then all is given back, if the store can be written to. */
static void finish(void)
{
    struct posting *posting = &deliveries.posting;
    bool over = false;
    posting_give_back(posting);
    while (!over) {
        posting_drive(posting);
        if (clock_monotonic_ms() >= atomic_load(&deliveries.cut_at)) {
            posting_cut(posting);
        }
        bool came_back = take_errand_back();
        posting_give_back(posting); /* what it has leased */
        if (!deliveries.errand_was_out && posting->under_way == 0) {
            over = (came_back && !deliveries.errand.kept) || !send_errand();
        }
        if (!over) {
            take_a_break();
        }
    }
}

static void *deliver(void *unused)
{
    (void)unused;
    pthread_setname_np(pthread_self(), "deliveries");
    while (!atomic_load(&deliveries.stopping)) {
        turn();
        take_a_break();
    }
    finish();
    return NULL;
}

/* --- from outside --- */

bool deliveries_start(struct receiver *receiver)
{
    struct posting *posting = &deliveries.posting;
    posting->receiver = *receiver;
    *receiver = (struct receiver){0};
    posting->timeout_ms = settings.deliver_timeout_ms;
    posting->period_ms = settings.deliver_for_ms;
    deliveries.errand.outbox = &deliveries.outbox;
    deliveries.errand.lease_ms = posting_lease_ms(posting);
    deliveries.errand.tell = wake_always;
    deliveries.told_since = clock_now_ms() - posting->period_ms;
    posting->posts = poster->open(PACE_AT_ONCE);
    if (!posting->posts ||
        RAND_bytes(deliveries.errand.owner, sizeof deliveries.errand.owner) != 1) {
        return false;
    }
    deliveries.is_running = pthread_create(&deliveries.thread, NULL, deliver, NULL) == 0;
    return deliveries.is_running;
}

void deliveries_quiesce(int64_t finish_ms)
{
    if (deliveries.is_running) {
        atomic_store(&deliveries.cut_at, clock_monotonic_ms() + finish_ms);
        atomic_store(&deliveries.stopping, true);
        wake_always();
    }
}

void deliveries_finish(void)
{
    if (deliveries.is_running) {
        pthread_join(deliveries.thread, NULL);
    }
}

void deliveries_stop(void)
{
    struct posting *posting = &deliveries.posting;
    for (size_t i = 0; i < PARCELS; i++) {
        parcel_clear(&posting->parcels[i]);
    }
    outbox_clear(&deliveries.outbox);
    errand_clear(&deliveries.errand);
    if (posting->posts) {
        poster->close(posting->posts);
    }
    receiver_clear(&posting->receiver);
}

void deliveries_write_metrics(struct buffer *text)
{
    static const char *const NAMES[COUNT_COUNT] = {"delivered", "failed", "parked", "discarded"};
    if (!deliveries.is_running) {
        return;
    }
    buffer_text(text, "# HELP invonce_deliveries_total Deliveries, by what came of them.\n"
                      "# TYPE invonce_deliveries_total counter\n");
    for (int i = 0; i < COUNT_COUNT; i++) {
        buffer_printf(text, "invonce_deliveries_total{outcome=\"%s\"} %llu\n", NAMES[i],
                      (unsigned long long)atomic_load(&deliveries.posting.counts[i]));
    }
    struct store_session *session = readers_session();
    struct store_delivery_counts counts = {0};
    if (!session || store_deliveries_count(session, &counts) != STORE_OK) {
        return;
    }
    int64_t age = counts.oldest > 0 ? clock_now_ms() - counts.oldest : 0;
    age = age > 0 ? age : 0;
    buffer_printf(text,
                  "# HELP invonce_deliveries_waiting Deliveries that are to be made.\n"
                  "# TYPE invonce_deliveries_waiting gauge\n"
                  "invonce_deliveries_waiting %lld\n"
                  "# HELP invonce_deliveries_parked Deliveries that are tried no more.\n"
                  "# TYPE invonce_deliveries_parked gauge\n"
                  "invonce_deliveries_parked %lld\n"
                  "# HELP invonce_deliveries_oldest_seconds Age of the oldest one that waits.\n"
                  "# TYPE invonce_deliveries_oldest_seconds gauge\n"
                  "invonce_deliveries_oldest_seconds %lld.%03lld\n",
                  (long long)counts.waiting, (long long)counts.parked, (long long)(age / 1000),
                  (long long)(age % 1000));
}
