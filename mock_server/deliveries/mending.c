#include "mock_server/deliveries/mending.h"

#include "mock_server/base/names.h"
#include "protocol/wire/buffer.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/idempotency_key.h"
#include "protocol/wire/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE   200 /* deliveries that are listed, or mended in one transaction */
#define TRIES_MAX 20

/* --- looking --- */

static const char *state_of(const struct store_delivery *delivery, int64_t now)
{
    bool leased = delivery->is_leased && delivery->next_at > now;
    return delivery->next_at == 0 ? "parked" : leased ? "sending" : "waiting";
}

static struct json *instant(int64_t at)
{
    char text[CLOCK_TEXT_SIZE];
    clock_format(at, text);
    return json_new_string(at == 0 ? NULL : text);
}

static void print_json(const struct store_delivery *delivery, const char *state)
{
    struct json *json =
        json_new_texts("event_id", delivery->event_id, "type", delivery->type, "resource",
                       delivery->resource, "record_id", delivery->record_id, "state", state, NULL);
    json = json_with(json, "attempts", json_new_integer(delivery->attempts));
    json = json_with(json, "at", instant(delivery->at));
    json = json_with(json, "next_at", instant(delivery->next_at));
    json = json_with(json, "trouble", json_new_string(delivery->trouble));
    char *text = json ? json_write(json) : NULL;
    puts(text ? text : "{}");
    free(text);
    json_free(json);
}

struct listing {
    const struct mending *mending;
    int64_t now, last, parked, waiting;
    int read;
};

static void print(void *context, const struct store_delivery *delivery)
{
    struct listing *listing = context;
    const char *state = state_of(delivery, listing->now);
    char next[CLOCK_TEXT_SIZE] = "-";
    listing->last = delivery->seq;
    listing->read++;
    *(delivery->next_at == 0 ? &listing->parked : &listing->waiting) += 1;
    if (listing->mending->json) {
        print_json(delivery, state);
        return;
    }
    if (listing->parked + listing->waiting == 1) {
        printf("%-36s  %-16s  %-10s  %-7s  %8s  %-24s  %s\n", "EVENT", "TYPE", "RECORD", "STATE",
               "ATTEMPTS", "NEXT ATTEMPT", "TROUBLE");
    }
    if (delivery->next_at != 0) {
        clock_format(delivery->next_at, next);
    }
    printf("%-36s  %-16s  %-10s  %-7s  %8lld  %-24s  %s\n", delivery->event_id, delivery->type,
           delivery->record_id, state, (long long)delivery->attempts, next,
           delivery->trouble ? delivery->trouble : "");
}

bool mending_list(struct mending *mending)
{
    struct store_session *session = store_session_open_reading(mending->store);
    struct listing listing = {.mending = mending, .now = clock_now_ms()};
    bool ok = session;
    do {
        const struct store_delivery_filter filter = {
            .tenant = mending->tenant, .after = listing.last, .limit = AT_ONCE};
        listing.read = 0;
        ok = ok && store_delivery_list(session, &filter, print, &listing) == STORE_OK;
    } while (ok && listing.read == AT_ONCE);
    store_session_close(session);
    if (ok && !mending->json) {
        printf("%lld waiting, %lld parked\n", (long long)listing.waiting,
               (long long)listing.parked);
    }
    return ok;
}

/* --- mending --- */

struct target {
    int64_t seq;
    char *event_id, *resource, *record_id;
    enum store_status status;
};

struct targets {
    struct target all[AT_ONCE];
    size_t count;
    bool failed;
};

static void add_target(void *context, const struct store_delivery *delivery)
{
    struct targets *targets = context;
    struct target *target = &targets->all[targets->count++];
    *target = (struct target){.seq = delivery->seq,
                              .event_id = strdup(delivery->event_id),
                              .resource = strdup(delivery->resource),
                              .record_id = strdup(delivery->record_id)};
    targets->failed =
        targets->failed || !target->event_id || !target->resource || !target->record_id;
}

static void forget(struct targets *targets)
{
    for (size_t i = 0; i < targets->count; i++) {
        free(targets->all[i].event_id);
        free(targets->all[i].resource);
        free(targets->all[i].record_id);
    }
    targets->count = 0;
}

/* What is discarded is told to nobody any more: that stands in the audit. */
static bool note_discard(struct store_session *session, const char *tenant,
                         const struct target *target, int64_t now)
{
    char request_id[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(request_id);
    struct store_audit_entry entry = {.tenant = tenant,
                                      .at = now,
                                      .request_id = request_id,
                                      .user = names_login(),
                                      .endpoint = "deliveries discard",
                                      .resource = target->resource,
                                      .record_id = target->record_id,
                                      .outcome = "discarded",
                                      .status = 200};
    return store_audit_append(session, &entry) == STORE_OK;
}

static bool mend_one(struct store_session *session, const char *tenant, enum mend mend,
                     struct target *target, int64_t now)
{
    target->status = mend == MEND_RETRY ? store_delivery_retry(session, tenant, target->seq, now)
                                        : store_delivery_discard(session, tenant, target->seq, now);
    return target->status != STORE_FAILED &&
           (mend == MEND_RETRY || target->status == STORE_ABSENT ||
            note_discard(session, tenant, target, now));
}

static bool mend_all(const struct mending *mending, struct store_session *session, enum mend mend,
                     struct targets *targets)
{
    bool ok = false;
    for (int tries = 0; !ok && tries < TRIES_MAX; tries++) {
        int64_t now = clock_now_ms();
        ok = store_begin(session);
        for (size_t i = 0; ok && i < targets->count; i++) {
            ok = mend_one(session, mending->tenant, mend, &targets->all[i], now);
        }
        ok = ok && store_commit(session);
        if (!ok) {
            enum store_trouble trouble = store_trouble(session);
            store_rollback(session);
            if (trouble != STORE_AGAIN) {
                return false;
            }
        }
    }
    return ok;
}

static void tell(struct mending *mending, const char *event_id, const char *outcome,
                 const char *sentence)
{
    if (mending->json) {
        struct buffer line = {0};
        buffer_text(&line, "{\"event_id\":");
        buffer_quoted(&line, event_id);
        buffer_printf(&line, ",\"outcome\":\"%s\"}", outcome);
        buffer_append(&line, "", 1);
        puts(line.failed ? "{}" : line.bytes);
        buffer_clear(&line);
    } else {
        printf("%s %s\n", event_id, sentence);
    }
}

static void tell_all(struct mending *mending, enum mend mend, const struct targets *targets)
{
    for (size_t i = 0; i < targets->count; i++) {
        const struct target *target = &targets->all[i];
        if (target->status == STORE_ABSENT) {
            mending->some_under_way = true;
            tell(mending, target->event_id, "sending", "is being sent");
            continue;
        }
        mending->done++;
        tell(mending, target->event_id, mend == MEND_RETRY ? "retried" : "discarded",
             mend == MEND_RETRY ? "is tried again now" : "is discarded");
    }
}

/* One event, or parked ones after a seq. False: failed. */
static bool mend_some(struct mending *mending, struct store_session *session, enum mend mend,
                      const struct store_delivery_filter *filter, int64_t *last)
{
    struct targets *targets = calloc(1, sizeof(struct targets));
    bool ok = targets && store_delivery_list(session, filter, add_target, targets) == STORE_OK &&
              !targets->failed && mend_all(mending, session, mend, targets);
    if (ok) {
        tell_all(mending, mend, targets);
        *last = targets->count > 0 ? targets->all[targets->count - 1].seq : 0;
    }
    if (targets) {
        forget(targets);
    }
    free(targets);
    return ok;
}

bool mending_mend(struct mending *mending, enum mend mend, const char *const *event_ids,
                  size_t count)
{
    struct store_session *session = store_session_open_writing(mending->store);
    struct store_delivery_filter filter = {
        .tenant = mending->tenant, .only_parked = count == 0, .limit = AT_ONCE};
    bool ok = session;
    int64_t last = 0;
    for (size_t i = 0; ok && i < count; i++) {
        filter.event_id = event_ids[i];
        ok = mend_some(mending, session, mend, &filter, &last);
        if (ok && last == 0) {
            mending->some_absent = true;
            tell(mending, event_ids[i], "absent",
                 "is not on its way: it was delivered or discarded");
        }
    }
    while (ok && count == 0) {
        ok = mend_some(mending, session, mend, &filter, &last);
        filter.after = last;
        if (last == 0) {
            break;
        }
    }
    store_session_close(session);
    return ok;
}
