/* GET /v1/intents/KEY: what became of a key. */
#include "mock_server/base/key_policy.h"
#include "mock_server/engine/ids.h"
#include "mock_server/engine/readers.h"
#include "mock_server/resources/resources.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/idempotency_key.h"
#include "protocol/wire/json.h"
#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/resources/resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a completed key created; NULL: nothing. False: it can't be read. */
static bool find_record(struct store_session *session, const char *tenant,
                        const struct resource *resource, const struct store_saved *saved,
                        struct json **record)
{
    struct store_collection collection = {tenant, resource->name};
    int64_t id = 0;
    char *text = NULL;
    *record = NULL;
    if (saved->problem || !saved->record_id ||
        !id_parse(resource->id_prefix, saved->record_id, &id)) {
        return true;
    }
    if (store_record_find(session, &collection, id, STORE_NOW, &text, NULL) == STORE_OK) {
        *record = json_read(text, strlen(text));
        free(text);
    }
    return *record;
}

/* What is saved under a key of a resource, NULL: of none, as nobody has that key. */
static struct json *describe(const char *key, const struct resource *resource,
                             const struct store_saved *saved, struct json *record)
{
    bool completed = saved->status != 0, is_invoice = record && resource == &INVOICE;
    const char *state = !resource ? "unknown" : completed ? "completed" : "in_progress";
    char expires_at[CLOCK_TEXT_SIZE];
    clock_format(saved->expires_at, expires_at);
    struct json *json = json_new_texts("key", key, "state", state, NULL);
    json = json_with(json, "status",
                     completed ? json_new_integer(saved->status) : json_new_string(NULL));
    json = json_with(json, "expires_at", json_new_string(saved->expires_at ? expires_at : NULL));
    json = json_with(json, "invoice", is_invoice ? json_copy(record) : json_new_string(NULL));
    json = json_with(json, "resource", json_new_string(resource ? resource->name : NULL));
    return json_with(json, "record", record ? record : json_new_string(NULL));
}

/* Whose key it is, of the resources in their order. */
static enum store_status find_key(struct store_session *session, const char *tenant,
                                  const char *text, const struct resource **resource,
                                  struct store_saved *saved)
{
    enum store_status status = STORE_ABSENT;
    for (size_t i = 0; status == STORE_ABSENT && i < RESOURCE_COUNT; i++) {
        char *endpoint = NULL;
        if (asprintf(&endpoint, "POST %s", RESOURCES[i]->path) < 0) {
            return STORE_FAILED;
        }
        struct store_key key = {key_policy.tenant_of(tenant), endpoint, text};
        *resource = RESOURCES[i];
        status = store_key_find(session, &key, clock_now_ms(), saved);
        free(endpoint);
    }
    return status;
}

void intents_get(struct reading *reading)
{
    static const char *const NAMES[] = {NULL};
    const char *text = reading->parameter;
    if (!reading_check_query(reading, NAMES)) {
        return;
    }
    if (!idempotency_key_is_valid(text)) {
        reply_problem(reading->reply, PROBLEM_IDEMPOTENCY_KEY_MALFORMED,
                      "A key has 1 to 255 printable ASCII characters.");
        return;
    }
    const char *tenant = reading->tenant;
    const struct resource *resource = NULL;
    struct store_saved saved = {0};
    struct store_session *session = readers_session();
    enum store_status status =
        session ? find_key(session, tenant, text, &resource, &saved) : STORE_FAILED;
    struct json *record = NULL;
    if (status == STORE_OK && find_record(session, tenant, resource, &saved, &record)) {
        reply_json(reading->reply, 200, describe(text, resource, &saved, record));
    } else if (status == STORE_ABSENT) {
        reply_json(reading->reply, 200, describe(text, NULL, &saved, NULL));
    } else {
        readers_refuse(reading->reply, "The key cannot be read.");
    }
    store_saved_clear(&saved);
}
