#include "mock_server/duplicates/children.h"

#include "mock_server/engine/ids.h"

#include <string.h>

#define MADE_FOR "merged_from"

static const struct field *reference_of(const struct kept *kind)
{
    return &kind->resource->fields.items[kind->parent->field];
}

static const struct resource *parent_of(const struct kept *kind)
{
    return kind->parent->resource;
}

bool children_gather(struct store_session *session, const char *tenant, const struct kept *kind,
                     int64_t parent, struct record_list *list)
{
    const struct store_filter filter = {
        .collection = {tenant, kind->resource->name}, .merged = STORE_EITHER, .parent = parent};
    return record_gather(session, filter, list);
}

bool children_count(struct store_session *session, const char *tenant,
                    const struct resource *resource, int64_t parent, size_t *count)
{
    struct kept kind;
    bool ok = true;
    *count = 0;
    for (size_t i = 0; ok && kinds_child(resource, i, &kind); i++) {
        struct record_list list = {0};
        ok = children_gather(session, tenant, &kind, parent, &list);
        *count += list.count;
        record_list_clear(&list);
    }
    return ok;
}

/* Takes the JSON over; NULL: out of memory. */
static struct json *refer(struct json *json, const struct kept *kind, const char *to,
                          const char *made_for)
{
    const struct field *field = reference_of(kind);
    struct json *value = json_new_string(to);
    if (field->object) {
        struct json *object = json_copy(json_member(json, field->object));
        value = object ? record_with(object, field->name, value) : NULL;
    }
    if (!value) {
        json_free(json);
        return NULL;
    }
    json = record_with(json, field->object ? field->object : field->name, value);
    return json ? record_with(json, MADE_FOR, made_for ? json_new_string(made_for) : NULL) : NULL;
}

bool children_move(struct store_session *session, const char *tenant, const struct kept *kind,
                   int64_t id, const char *json, int64_t to, int64_t made_for)
{
    const struct store_collection collection = {tenant, kind->resource->name};
    char to_text[ID_TEXT_SIZE], made_for_text[ID_TEXT_SIZE];
    id_format(parent_of(kind)->id_prefix, to, to_text);
    id_format(parent_of(kind)->id_prefix, made_for, made_for_text);
    struct json *now = json_read(json, strlen(json));
    now = now ? refer(now, kind, to_text, made_for == to ? NULL : made_for_text) : NULL;
    bool ok = now && record_save(session, &collection, id, now) &&
              store_record_move(session, &collection, id, to) == STORE_OK;
    json_free(now);
    return ok;
}

int64_t children_made_for(struct store_session *session, const char *tenant,
                          const struct kept *kind, int64_t id)
{
    const struct store_collection collection = {tenant, kind->resource->name};
    const struct field *field = reference_of(kind);
    struct record_found created;
    int64_t made_for = 0;
    if (record_read(session, &collection, id, STORE_CREATED, &created) != STORE_OK) {
        record_release(&created);
        return 0;
    }
    const char *text = json_text(created.json, MADE_FOR);
    if (!text) {
        text = json_text(field->object ? json_member(created.json, field->object) : created.json,
                         field->name);
    }
    if (!text || !id_parse(parent_of(kind)->id_prefix, text, &made_for)) {
        made_for = 0;
    }
    record_release(&created);
    return made_for;
}
