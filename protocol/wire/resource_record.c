/* A record as a client believes it, and whether it is of a request. */
#include "protocol/wire/decimal.h"
#include "protocol/wire/resource.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

/* --- believing --- */

static bool believe_text(const struct json *value, bool required, const char **text)
{
    if (value == NULL) return !required;
    *text = json_string(value);
    return *text != NULL && (!required || (*text)[0] != '\0');
}

static bool believe_field(const struct field *field, const struct json *value, bool required,
                          const char **text)
{
    struct decimal amount;
    if (field->kind == FIELD_ROWS)
        return value == NULL ? !required : json_kind(value) == JSON_ARRAY;
    if (!believe_text(value, required, text)) return false;
    return value == NULL || field->kind != FIELD_DECIMAL ||
           decimal_parse(*text, &amount) == DECIMAL_OK;
}

/* False when a required member is missing or any is of another type. */
static bool believe_fields(const struct fields *fields, const struct json *json, const char **texts)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        const struct json *holder = field->object != NULL ? json_member(json, field->object) : json;
        if (holder == NULL && field->presence == FIELD_TOGETHER) continue;
        if (holder != NULL && json_kind(holder) != JSON_OBJECT) return false;
        if (!believe_field(field, json_member(holder, field->name),
                           field->presence != FIELD_OPTIONAL, &texts[i]))
            return false;
    }
    return true;
}

static bool believe_rows(struct document *document, const struct field *rows,
                         const struct json *array)
{
    size_t count = json_count(array);
    if (count == 0) return rows->presence != FIELD_REQUIRED;
    if (count > rows->max) return false;
    document->rows = calloc(count, sizeof *document->rows);
    if (document->rows == NULL) return false;
    document->values.rows = document->rows;
    document->values.row_count = count;
    const struct json *row = json_first(array);
    for (size_t i = 0; i < count; i++, row = json_next(row))
        if (!believe_fields(&rows->columns, row, document->rows[i].texts)) return false;
    return true;
}

bool record_believe(struct record *record, const struct resource *resource, const struct json *json)
{
    struct document *document = &record->document;
    const struct field *rows = resource_rows(resource);
    *record = (struct record){.document.json = json};
    return json_kind(json) == JSON_OBJECT &&
           believe_text(json_member(json, "id"), true, &record->id) &&
           believe_text(json_member(json, "status"), true, &record->status) &&
           believe_text(json_member(json, "merged_into"), false, &record->merged_into) &&
           believe_text(json_member(json, "created_at"), true, &record->created_at) &&
           believe_text(json_member(json, "created_by"), true, &record->created_by) &&
           believe_fields(&resource->fields, json, document->values.texts) &&
           (rows == NULL || believe_rows(document, rows, json_member(json, rows->name))) &&
           (record->merged_into != NULL || strcmp(record->status, "merged") != 0);
}

void record_clear(struct record *record)
{
    document_clear(&record->document);
    *record = (struct record){0};
}

/* --- the like of it --- */

static void remove_derived(const struct fields *fields, struct json *json)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        if (field->presence != FIELD_DERIVED) continue;
        struct json *holder = field->object != NULL ? json_member(json, field->object) : json;
        if (json_kind(holder) != JSON_OBJECT || !json_remove(holder, field->name)) continue;
        if (field->object != NULL && json_count(holder) == 0) json_remove(json, field->object);
    }
}

void record_to_request(const struct resource *resource, struct json *record)
{
    static const char *const OTHERS[] = {"id",          "status",     "merged_into",
                                         "merged_from", "created_at", "created_by"};
    const struct field *rows = resource_rows(resource);
    if (json_kind(record) != JSON_OBJECT) return;
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
        json_remove(record, OTHERS[i]);
    remove_derived(&resource->fields, record);
    struct json *list = rows != NULL ? json_member(record, rows->name) : NULL;
    if (json_kind(list) != JSON_ARRAY) return;
    for (struct json *row = json_first(list); row != NULL; row = json_next(row))
        if (json_kind(row) == JSON_OBJECT) remove_derived(&rows->columns, row);
}

/* --- comparing --- */

/* NULL when it is there and no string. */
static const char *text_or_default(const struct field *field, const struct json *value)
{
    const char *absent = field->if_absent != NULL ? field->if_absent : "";
    if (value == NULL) return absent;
    const char *text = json_string(value);
    return text != NULL && text[0] == '\0' ? absent : text;
}

static bool is_same_email(const char *a, const char *b)
{
    char *left = text_fold_email(a), *right = text_fold_email(b);
    bool same = left != NULL && right != NULL && strcmp(left, right) == 0;
    free(left);
    free(right);
    return same;
}

static bool is_same_text(const struct field *field, const struct json *stored,
                         const struct json *sent)
{
    const char *there = text_or_default(field, stored);
    const char *here = text_or_default(field, sent);
    if (there == NULL || here == NULL) return false;
    if (field->reused && here[0] == '\0') return true;
    if (field->kind == FIELD_EMAIL) return is_same_email(there, here);
    return strcmp(there, here) == 0;
}

static bool is_same(const struct fields *fields, const struct json *stored,
                    const struct json *sent);

static bool is_same_rows(const struct field *rows, const struct json *stored,
                         const struct json *sent)
{
    if (json_kind(stored) != JSON_ARRAY || json_count(stored) != json_count(sent)) return false;
    for (const struct json *there = json_first(stored), *here = json_first(sent); here != NULL;
         there = json_next(there), here = json_next(here))
        if (!is_same(&rows->columns, there, here)) return false;
    return true;
}

/* An absent object is one with every member absent. */
static bool is_same(const struct fields *fields, const struct json *stored, const struct json *sent)
{
    if (stored != NULL && json_kind(stored) != JSON_OBJECT) return false;
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        const struct json *there = stored, *here = sent;
        if (field->presence == FIELD_DERIVED) continue;
        if (field->object != NULL) {
            there = json_member(stored, field->object);
            here = json_member(sent, field->object);
            if (there != NULL && json_kind(there) != JSON_OBJECT) return false;
        }
        there = json_member(there, field->name);
        here = json_member(here, field->name);
        if (field->kind == FIELD_ROWS ? !is_same_rows(field, there, here)
                                      : !is_same_text(field, there, here))
            return false;
    }
    return true;
}

bool resource_is_of(const struct resource *resource, const struct json *record,
                    const struct json *request)
{
    return json_kind(record) == JSON_OBJECT && json_kind(request) == JSON_OBJECT &&
           is_same(&resource->fields, record, request);
}
