#include "mock_server/duplicates/merges.h"

#include "mock_server/duplicates/lines.h"
#include "mock_server/engine/audit_values.h"
#include "mock_server/engine/ids.h"
#include "protocol/wire/idempotency_key.h"

#include <string.h>

#define DONE 200

struct store_collection merges_of(const char *tenant)
{
    return (struct store_collection){tenant, "merge"};
}

/* Adds it, unless it was undone or is of another resource. */
static bool add_standing(struct json *standing, const struct record_row *row,
                         const struct resource *resource)
{
    struct json *merge = json_read(row->json, strlen(row->json));
    const char *name = json_text(merge, "resource");
    if (merge && (json_text(merge, "undone_at") || !name || strcmp(name, resource->name) != 0)) {
        json_free(merge);
        return true;
    }
    return json_append(standing, merge);
}

struct json *merges_standing(struct store_session *session, const char *tenant,
                             const struct resource *resource, int64_t winner, int64_t but)
{
    const struct store_filter filter = {
        .collection = merges_of(tenant), .merged = STORE_EITHER, .parent = winner};
    struct record_list list = {0};
    struct json *standing = json_new_array();
    bool ok = standing && record_gather(session, filter, &list);
    for (size_t i = list.count; ok && i-- > 0;) { /* they come newest first */
        ok = list.rows[i].id == but || add_standing(standing, &list.rows[i], resource);
    }
    record_list_clear(&list);
    if (!ok) {
        json_free(standing);
        return NULL;
    }
    return standing;
}

static bool append_each(struct json *rows, const struct json *more)
{
    bool ok = true;
    for (const struct json *row = json_first(more); ok && row; row = json_next(row)) {
        ok = json_append(rows, json_copy(row));
    }
    return ok;
}

static bool append_taken(struct json *rows, const struct json *merges)
{
    bool ok = true;
    for (const struct json *merge = json_first(merges); ok && merge; merge = json_next(merge)) {
        const struct json *loser = json_first(json_member(merge, "losers"));
        for (; ok && loser; loser = json_next(loser)) {
            ok = append_each(rows, json_member(loser, "lines"));
        }
    }
    return ok;
}

bool merges_lines(struct store_session *session, const char *tenant,
                  const struct resource *resource, int64_t winner, int64_t but,
                  const struct json *more, struct json **json)
{
    const struct store_collection collection = {tenant, resource->name};
    const struct field *field = resource_rows(resource);
    struct record_found created;
    struct json *merges = merges_standing(session, tenant, resource, winner, but);
    bool ok = record_read(session, &collection, winner, STORE_CREATED, &created) == STORE_OK;
    struct json *rows = ok ? json_copy(json_member(created.json, field->name)) : NULL;
    ok = rows && merges && append_taken(rows, merges) && append_each(rows, more) &&
         lines_put(resource, json, rows) == LINES_OK;
    json_free(rows);
    json_free(merges);
    record_release(&created);
    return ok;
}

bool merges_note(struct store_session *session, const struct doer *doer,
                 const struct resource *resource, const struct json *loser, const char *winner,
                 const char *outcome)
{
    const struct creator creator = {.resource = resource};
    char request_id[IDEMPOTENCY_KEY_SIZE];
    idempotency_key_make(request_id);
    struct store_audit_entry entry = {
        .tenant = doer->tenant,
        .at = doer->now,
        .request_id = request_id,
        .user = doer->user,
        .endpoint = strcmp(outcome, "merged") == 0 ? "duplicates merge" : "duplicates undo",
        .resource = resource->name,
        .record_id = json_text(loser, "id"),
        .parent_id = winner,
        .outcome = outcome,
        .status = DONE,
    };
    audit_values_read(&creator, loser, NULL, entry.unique);
    return store_audit_append(session, &entry) == STORE_OK;
}
