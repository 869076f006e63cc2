#include "mock_server/duplicates/import_write.h"

#include "mock_server/duplicates/kinds.h"
#include "mock_server/engine/audit_values.h"
#include "mock_server/engine/ids.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CREATED 201

/* A record on its way into the store. */
struct writing {
    struct import_job *job;
    struct store_session *session;
    struct store_collection collection;
    int64_t now, id, parent_id;
    char id_text[ID_TEXT_SIZE];
    char key[IDEMPOTENCY_KEY_SIZE];
};

/* --- what is unique --- */

/* When a record was created, by its JSON. False: it can't be told. */
static bool created_at_of(struct writing *writing, int64_t id, int64_t *created_at,
                          int64_t *merged_into)
{
    char *text = NULL;
    if (store_record_find(writing->session, &writing->collection, id, STORE_CREATED, &text,
                          merged_into) != STORE_OK) {
        return false;
    }
    struct json *record = json_read(text, strlen(text));
    const char *time = json_text(record, "created_at");
    bool ok = time && clock_parse(time, created_at);
    json_free(record);
    free(text);
    return ok;
}

/* The oldest has the claim; where that is this one, the other one stands from now on. */
static enum store_status settle(struct writing *writing, const struct store_claim *claim,
                                int64_t holder)
{
    struct store_session *session = writing->session;
    const struct store_collection *collection = &writing->collection;
    int64_t created_at = 0, merged_into = 0;
    if (!created_at_of(writing, holder, &created_at, &merged_into)) {
        return STORE_FAILED;
    }
    if (merged_into || created_at <= writing->job->legacy->created_at) {
        return store_stand(session, collection, claim, writing->id);
    }
    enum store_status status = store_unclaim(session, collection, claim, holder);
    if (status == STORE_OK) {
        status = store_claim(session, collection, claim, writing->id, &holder);
    }
    return status == STORE_OK ? store_stand(session, collection, claim, holder) : STORE_FAILED;
}

static bool claim_each(struct writing *writing)
{
    struct legacy *legacy = writing->job->legacy;
    const struct resource *resource = legacy->kept.resource;
    enum store_status status = STORE_OK;
    for (size_t i = 0; status == STORE_OK && i < resource->unique_count; i++) {
        const struct store_claim claim = {resource->unique[i].name, legacy->claimed[i], false};
        int64_t holder = 0, former = 0;
        if (!claim.value) {
            continue;
        }
        status = store_claim(writing->session, &writing->collection, &claim, writing->id, &holder);
        if (status == STORE_TAKEN) {
            former = holder;
            writing->job->stands++;
            status = settle(writing, &claim, former);
        }
    }
    return status == STORE_OK;
}

/* --- the record --- */

/* Owned by the caller; NULL: out of memory. */
static char *write_json(struct writing *writing)
{
    struct legacy *legacy = writing->job->legacy;
    struct values values = legacy->document.values;
    char parent[ID_TEXT_SIZE], created_at[CLOCK_TEXT_SIZE];
    if (legacy->parent_key) {
        id_format(legacy->kept.parent->resource->id_prefix, writing->parent_id, parent);
        values.texts[legacy->kept.parent->field] = parent;
    }
    clock_format(legacy->created_at, created_at);
    return resource_write(legacy->kept.resource, &values, writing->id_text, created_at,
                          legacy->created_by);
}

static bool insert(struct writing *writing)
{
    struct legacy *legacy = writing->job->legacy;
    char *json = write_json(writing);
    const struct store_record row = {
        .id = writing->id,
        .parent = writing->parent_id,
        .period = legacy->year,
        .json = json,
        .length = json ? strlen(json) : 0,
    };
    bool ok = json && store_record_insert(writing->session, &writing->collection, &row) == STORE_OK;
    free(json);
    return ok;
}

/* With the parent that it needs, found or made. */
static bool insert_under_parent(struct writing *writing)
{
    struct legacy *legacy = writing->job->legacy;
    const struct parent *parent = legacy->kept.parent;
    if (!legacy->parent_key) {
        return insert(writing);
    }
    enum store_status found = parent->choose_id(writing->session, writing->job->tenant,
                                                legacy->parent_key, &writing->parent_id);
    const struct new_child child = {
        .tenant = writing->job->tenant,
        .user = legacy->created_by,
        .values = &legacy->document.values,
        .parent_key = legacy->parent_key,
        .parent_id = writing->parent_id,
        .created_at = legacy->created_at,
    };
    return found != STORE_FAILED && insert(writing) &&
           (found != STORE_ABSENT || parent->add(writing->session, &child));
}

/* --- its payments --- */

/* Whether the payment that has the event's id is of another amount, or what has it is none. */
static bool is_unlike(struct writing *writing, const char *provider, const struct json *event)
{
    const struct store_collection payments = {writing->job->tenant,
                                              kinds_payment()->resource->name};
    const struct store_event known = {.tenant = writing->job->tenant,
                                      .source = provider,
                                      .event_id = json_text(event, "event_id")};
    char *fingerprint = NULL, *text = NULL;
    int64_t id = 0;
    struct decimal ours, theirs;
    bool there =
        store_event_find(writing->session, &known, &fingerprint, &id) == STORE_OK && id > 0 &&
        store_record_find(writing->session, &payments, id, STORE_NOW, &text, NULL) == STORE_OK;
    struct json *other = there ? json_read(text, strlen(text)) : NULL;
    const char *mine = json_text(event, "amount"), *its = json_text(other, "amount");
    const char *currency = json_text(event, "currency"), *its_own = json_text(other, "currency");
    bool same = mine && its && decimal_parse(mine, &ours) == DECIMAL_OK &&
                decimal_parse(its, &theirs) == DECIMAL_OK && decimal_compare(ours, theirs) == 0 &&
                currency && its_own && strcmp(currency, its_own) == 0;
    json_free(other);
    free(text);
    free(fingerprint);
    return !same;
}

static bool pay(struct writing *writing, size_t i, struct json *event)
{
    const struct legacy_payment *payment = &writing->job->legacy->payments[i];
    const struct creator *creator = kinds_payment();
    struct violations violations = {0};
    struct proposal proposal = {0};
    char fingerprint[FINGERPRINT_TEXT_SIZE];
    const struct creator_request request = {.body = event,
                                            .tenant = writing->job->tenant,
                                            .user = writing->job->user,
                                            .parameter = payment->provider,
                                            .fingerprint = fingerprint};
    void *subject =
        fingerprint_of(event, fingerprint) ? creator->read(creator, &request, &violations) : NULL;
    enum outcome outcome =
        subject ? creator->carry_out(subject, writing->session, writing->now, &proposal)
                : OUTCOME_FAILED;
    if (subject) {
        creator->release(subject);
    }
    reply_clear(&proposal.reply);
    violations_clear(&violations);
    writing->job->payments += outcome == OUTCOME_CREATED;
    writing->job->known_paid += outcome == OUTCOME_REPLAYED || outcome == OUTCOME_REJECTED_MISMATCH;
    if (outcome == OUTCOME_REJECTED_MISMATCH && !writing->job->unlike &&
        is_unlike(writing, payment->provider, event)) {
        writing->job->unlike = i + 1;
    }
    return outcome == OUTCOME_CREATED || outcome == OUTCOME_REPLAYED ||
           outcome == OUTCOME_REJECTED_MISMATCH;
}

/* One that has no event's id gets one that it will have again. */
static bool pay_each(struct writing *writing)
{
    const struct legacy *legacy = writing->job->legacy;
    bool ok = true;
    for (size_t i = 0; ok && i < legacy->payment_count; i++) {
        struct json *event = json_copy(legacy->payments[i].event);
        char event_id[IDEMPOTENCY_KEY_SIZE + 24];
        snprintf(event_id, sizeof event_id, "%s-%zu", writing->key, i + 1);
        ok = (json_member(event, "event_id") ||
              json_put(event, "event_id", json_new_string(event_id))) &&
             json_put(event, "invoice_id", json_new_string(writing->id_text)) &&
             pay(writing, i, event);
        json_free(event);
    }
    return ok;
}

/* --- all of it --- */

static bool note(struct writing *writing)
{
    const struct import_job *job = writing->job;
    const struct creator creator = {.resource = job->legacy->kept.resource};
    char request_id[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(request_id);
    struct store_audit_entry entry = {
        .tenant = job->tenant,
        .at = writing->now,
        .request_id = request_id,
        .user = job->user,
        .endpoint = job->endpoint,
        .key = writing->key,
        .resource = creator.resource->name,
        .record_id = writing->id_text,
        .outcome = "imported",
        .status = CREATED,
    };
    audit_values_read(&creator, job->legacy->document.json, NULL, entry.unique);
    return store_audit_append(writing->session, &entry) == STORE_OK;
}

static bool write_new(struct writing *writing)
{
    return claim_each(writing) && insert_under_parent(writing) && pay_each(writing) &&
           note(writing);
}

static bool run(struct writer_job *base, struct store_session *session, int64_t now)
{
    struct import_job *job = (struct import_job *)base;
    const struct kept *kept = &job->legacy->kept;
    struct writing writing = {.job = job,
                              .session = session,
                              .collection = {job->tenant, kept->resource->name},
                              .now = now};
    job->known = false;
    job->stands = job->payments = job->known_paid = 0;
    job->unlike = 0;
    if (store_next_id(session, &writing.collection, kept->first_id, &writing.id) != STORE_OK) {
        return false;
    }
    id_format(kept->resource->id_prefix, writing.id, writing.id_text);
    snprintf(writing.key, sizeof writing.key, "%s-%lld", job->legacy->fingerprint,
             (long long)job->times + 1);
    const struct store_key key = {job->tenant, job->endpoint, writing.key};
    const struct store_reply reply = {
        .status = CREATED, .record_id = writing.id_text, .expires_at = job->expires_at};
    enum store_status status =
        store_key_claim(session, &key, job->legacy->fingerprint, NULL, &reply);
    job->known = status == STORE_TAKEN;
    return job->known || (status == STORE_OK && write_new(&writing));
}

struct import_job *import_job_new(struct legacy *legacy)
{
    struct import_job *job = calloc(1, sizeof(struct import_job));
    if (job) {
        job->legacy = legacy;
        job->errand.job.run = run;
    }
    return job;
}

void import_job_free(struct import_job *job)
{
    legacy_free(job->legacy);
    free(job);
}
