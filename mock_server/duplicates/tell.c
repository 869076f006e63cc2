#include "mock_server/duplicates/tell.h"

#include "mock_server/base/command_line.h"
#include "mock_server/duplicates/kinds.h"
#include "mock_server/duplicates/progress.h"
#include "protocol/wire/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next part of a value; NULL: there are no more. */
static const char *next_part(const char **value, size_t *length)
{
    const char *part = *value;
    *length = strcspn(part, STORE_PART_END);
    *value = part[*length] ? part + *length + 1 : part + *length;
    return *part || *length ? part : NULL;
}

void tell_value(struct buffer *text, const struct unique_rule *rule, const char *value)
{
    size_t length = 0;
    for (int i = 0; i < RESOURCE_PARTS_MAX && rule->parts[i].name; i++) {
        const char *part = next_part(&value, &length);
        buffer_printf(text, "%s%s %.*s", i > 0 ? ", " : "", unique_part_called(&rule->parts[i]),
                      part ? (int)length : 0, part ? part : "");
    }
}

struct json *tell_value_json(const struct unique_rule *rule, const char *value)
{
    struct json *object = json_new_object();
    size_t length = 0;
    for (int i = 0; object && i < RESOURCE_PARTS_MAX && rule->parts[i].name; i++) {
        const char *part = next_part(&value, &length);
        char *copy = strndup(part ? part : "", length);
        object = json_with(object, unique_part_called(&rule->parts[i]),
                           copy ? json_new_string(copy) : NULL);
        free(copy);
    }
    return object;
}

static bool is_own(const struct resource *resource, const struct unique_part *part)
{
    const struct unique_part *parts = resource->unique[0].parts;
    for (int i = 0; i < RESOURCE_PARTS_MAX && parts[i].name; i++) {
        if (!parts[i].object && !part->object && strcmp(parts[i].name, part->name) == 0) {
            return true;
        }
    }
    return false;
}

/* What a record is known by, one after the other: the parts of its first rule, and what look-alikes
 * share. NULL: there is no more. */
static const struct unique_part *known_by(const struct resource *resource, size_t *i)
{
    while (*i < RESOURCE_PARTS_MAX + RESOURCE_ALIKE_MAX) {
        size_t at = (*i)++;
        bool own = at < RESOURCE_PARTS_MAX;
        const struct unique_part *part =
            own ? &resource->unique[0].parts[at] : &resource->alike[at - RESOURCE_PARTS_MAX];
        if (part->name && (own || !is_own(resource, part))) {
            return part;
        }
    }
    return NULL;
}

void tell_count(struct buffer *text, int64_t count, const char *what)
{
    buffer_printf(text, "%lld %s%s", (long long)count, what, count == 1 ? "" : "s");
}

void tell_children(struct buffer *text, const struct resource *resource, size_t count)
{
    struct kept kind;
    const char *name = kinds_child(resource, 0, &kind) ? kind.resource->name : "record";
    tell_count(text, (int64_t)count, name);
}

void tell_record(struct buffer *text, const struct resource *resource,
                 const struct record_found *record, size_t payments)
{
    const struct unique_part *part = NULL;
    size_t i = 0;
    const char *created_at = json_text(record->json, "created_at");
    const char *created_by = json_text(record->json, "created_by");
    const char *id = json_text(record->json, "id");
    buffer_text(text, id ? id : "?");
    while ((part = known_by(resource, &i))) {
        buffer_printf(text, "  %s", unique_part_text(part, record->json));
    }
    buffer_printf(text, "  created %.19s by %s", created_at ? created_at : "?",
                  created_by ? created_by : "?");
    if (payments > 0) {
        buffer_text(text, "  ");
        tell_children(text, resource, payments);
    }
}

static bool put_part(struct json *object, const struct unique_part *part, const struct json *record)
{
    struct json *value = json_new_string(unique_part_text(part, record));
    if (!part->object) {
        return json_put(object, part->name, value);
    }
    if (!json_member(object, part->object) && !json_put(object, part->object, json_new_object())) {
        json_free(value);
        return false;
    }
    return json_put(json_member(object, part->object), part->name, value);
}

struct json *tell_record_json(const struct resource *resource, const struct record_found *record,
                              size_t payments)
{
    struct json *object = json_new_texts("id", json_text(record->json, "id"), NULL);
    const struct unique_part *part = NULL;
    bool ok = object != NULL;
    size_t i = 0;
    while (ok && (part = known_by(resource, &i))) {
        ok = put_part(object, part, record->json);
    }
    if (!ok) {
        json_free(object);
        return NULL;
    }
    object =
        json_with(object, "created_at", json_new_string(json_text(record->json, "created_at")));
    object =
        json_with(object, "created_by", json_new_string(json_text(record->json, "created_by")));
    return json_with(object, "payments", json_new_integer((int64_t)payments));
}

void tell_losers(struct buffer *text, const struct group *group)
{
    for (size_t i = 1; i < group->count; i++) {
        const char *id = json_text(group->members[i].json, "id");
        buffer_printf(text, "%s%s", i > 1 ? ", " : "", id ? id : "?");
    }
}

struct json *tell_losers_json(const struct group *group)
{
    struct json *losers = json_new_array();
    bool ok = losers != NULL;
    for (size_t i = 1; ok && i < group->count; i++) {
        ok = json_append(losers, json_new_string(json_text(group->members[i].json, "id")));
    }
    if (!ok) {
        json_free(losers);
        return NULL;
    }
    return losers;
}

static bool write_out(const char *text, size_t length)
{
    progress_clear();
    if (!text || fwrite(text, 1, length, stdout) != length || fputc('\n', stdout) == EOF) {
        refuse("standard output cannot be written: %s", strerror(errno));
        return false;
    }
    return true;
}

bool tell_out(struct buffer *text)
{
    char *safe = text->failed ? NULL : text_safe(text->bytes, text->length, TEXT_MANY_LINES);
    bool ok = write_out(safe, safe ? strlen(safe) : 0);
    free(safe);
    text->length = 0;
    return ok;
}

bool tell_out_json(struct json *json)
{
    char *text = json ? json_write(json) : NULL;
    bool ok = write_out(text, text ? strlen(text) : 0);
    json_free(json);
    free(text);
    return ok;
}
