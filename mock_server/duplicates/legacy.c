#include "mock_server/duplicates/legacy.h"

#include "mock_server/duplicates/kinds.h"
#include "mock_server/duplicates/legacy_inside.h"
#include "mock_server/duplicates/legacy_words.h"
#include "mock_server/engine/claims.h"
#include "protocol/wire/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MAX_CHARACTERS 200
#define REFERENCE           "external_ref"

/* --- what no request has --- */

static bool set_aside(struct legacy *legacy, struct json *record)
{
    static const char *const NAMES[] = {"id",         "status",     "merged_into",
                                        "created_at", "created_by", "payments"};
    struct kept child;
    bool is_paid = kinds_child(legacy->kept.resource, 0, &child);
    legacy->aside = json_new_object();
    bool ok = legacy->aside != NULL;
    for (size_t i = 0; ok && i < sizeof NAMES / sizeof NAMES[0]; i++) {
        struct json *member = json_member(record, NAMES[i]);
        bool ours = strcmp(NAMES[i], "payments") != 0 || is_paid;
        if (member && ours) {
            ok = json_put(legacy->aside, NAMES[i], json_take(record, member));
        }
    }
    return ok;
}

static bool refuse_it(struct buffer *reason, const char *sentence)
{
    buffer_text(reason, sentence);
    return false;
}

static bool has_reference(const struct resource *resource)
{
    for (size_t i = 0; i < resource->fields.count; i++) {
        const char *object = resource->fields.items[i].object;
        if (object && strcmp(object, REFERENCE) == 0) {
            return true;
        }
    }
    return false;
}

/* The id that it had becomes its external reference, where it has none. */
static bool keep_id(struct legacy *legacy, struct json *record,
                    const struct legacy_defaults *defaults, struct buffer *reason)
{
    const struct json *id = json_member(legacy->aside, "id");
    const char *text = json_string(id);
    char number[24];
    if (json_kind(id) == JSON_NUMBER && json_integer(id, -1) >= 0) {
        snprintf(number, sizeof number, "%lld", (long long)json_integer(id, 0));
        text = number;
    }
    if (json_kind(id) != JSON_ABSENT && json_kind(id) != JSON_NULL && (!text || !text[0])) {
        return refuse_it(reason, "The id must be a string, or a whole number.");
    }
    if (!text || json_member(record, REFERENCE) || !has_reference(legacy->kept.resource)) {
        return true;
    }
    return json_put(record, REFERENCE,
                    json_new_texts("source", defaults->source, "id", text, NULL));
}

static bool read_aside(struct legacy *legacy, const struct legacy_defaults *defaults,
                       struct buffer *reason)
{
    const struct json *created_at = json_member(legacy->aside, "created_at");
    const struct json *created_by = json_member(legacy->aside, "created_by");
    const char *status = json_text(legacy->aside, "status");
    legacy->created_at = defaults->now;
    legacy->created_by = created_by ? json_string(created_by) : defaults->user;
    if ((status && strcmp(status, "merged") == 0) || json_text(legacy->aside, "merged_into")) {
        return refuse_it(reason, "It is merged into another one, which is the one to import.");
    }
    if (created_at && (!json_string(created_at) ||
                       !legacy_read_time(json_string(created_at), &legacy->created_at))) {
        return refuse_it(reason, "The created_at must be a time as in RFC 3339, such as "
                                 "\"2026-11-22T10:02:11Z\", or a day.");
    }
    if (!legacy->created_by || text_is_blank(legacy->created_by) ||
        text_length(legacy->created_by) > NAME_MAX_CHARACTERS ||
        text_has_control(legacy->created_by, TEXT_ONE_LINE)) {
        return refuse_it(reason,
                         "The created_by must be a name of 1 to 200 characters, without control "
                         "characters.");
    }
    return true;
}

/* --- the request --- */

static bool read_request(struct legacy *legacy, struct json *record, struct buffer *reason)
{
    struct violations violations = {0};
    struct derived derived;
    derived_take(&derived, legacy->kept.resource, record);
    bool ok = document_read(&legacy->document, legacy->kept.resource, record, &violations);
    if (!ok) {
        legacy_refuse_violations(reason, &violations);
    }
    ok = ok && derived_agrees(&derived, legacy->kept.resource, &legacy->document.values, reason);
    violations_clear(&violations);
    derived_clear(&derived);
    return ok;
}

/* All that needs no store. */
static bool prepare(struct legacy *legacy)
{
    const struct resource *resource = legacy->kept.resource;
    const struct parent *parent = legacy->kept.parent;
    const struct json *request = legacy->document.json;
    bool ok = true;
    if (parent && parent->key) {
        legacy->parent_key = parent->key(&legacy->document.values);
        ok = legacy->parent_key != NULL;
    }
    legacy->year = claim_year(&resource->unique[0], request);
    for (size_t i = 0; ok && i < resource->unique_count; i++) {
        ok = claim_make(&resource->unique[i], request, &legacy->claimed[i]);
    }
    return ok;
}

static bool read_all(struct legacy *legacy, struct json *json,
                     const struct legacy_defaults *defaults, struct buffer *reason)
{
    struct json *payments = NULL;
    return fingerprint_of(json, legacy->fingerprint) && set_aside(legacy, json) &&
           read_aside(legacy, defaults, reason) && keep_id(legacy, json, defaults, reason) &&
           read_request(legacy, json, reason) &&
           (!(payments = json_member(legacy->aside, "payments")) ||
            legacy_read_payments(legacy, payments, reason)) &&
           prepare(legacy);
}

struct legacy *legacy_read(const struct kept *kept, struct json *json,
                           const struct legacy_defaults *defaults, struct buffer *reason)
{
    size_t rules = kept->resource->unique_count;
    struct legacy *legacy = calloc(1, sizeof(struct legacy) + rules * sizeof(char *));
    if (!legacy) {
        json_free(json);
        return NULL;
    }
    legacy->kept = *kept;
    bool ok = read_all(legacy, json, defaults, reason);
    legacy->document.own = json;
    if (!ok) {
        legacy_free(legacy);
        return NULL;
    }
    return legacy;
}

void legacy_free(struct legacy *legacy)
{
    if (!legacy) {
        return;
    }
    for (size_t i = 0; i < legacy->kept.resource->unique_count; i++) {
        free(legacy->claimed[i]);
    }
    for (size_t i = 0; i < legacy->payment_count; i++) {
        json_free(legacy->payments[i].event);
    }
    free(legacy->payments);
    free(legacy->parent_key);
    json_free(legacy->aside);
    document_clear(&legacy->document);
    free(legacy);
}
