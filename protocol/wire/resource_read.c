/* A request, read from JSON: the names and types of its members. */
#include "protocol/wire/message.h"
#include "protocol/wire/resource.h"
#include "protocol/wire/text.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SHOWN_MAX 64 /* bytes of an unknown member's name that a pointer repeats */
#define POINTER_SIZE   (2 * NAME_SHOWN_MAX + 64)
#define PREFIX_SIZE    48 /* "/lines/199" */

struct reader {
    const struct resource *resource;
    struct document *document;
    struct violations *violations;
};

/* What a JSON value is called in a sentence. */
static const char *kind_of(const struct json *value)
{
    static const char *const NAMES[] = {
        [JSON_OBJECT] = N_("an object"),
        [JSON_ARRAY] = N_("a list"),
        [JSON_STRING] = N_("a string"),
        [JSON_NUMBER] = N_("a number"),
        [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",
        [JSON_NULL] = "null",
        [JSON_ABSENT] = "null",
    };
    return NAMES[json_kind(value)];
}

/* The prefix and the name; a long name is left out, and the pointer then is that of the object it
 * is in. */
static void make_pointer(char pointer[POINTER_SIZE], const char *prefix, const char *name)
{
    int size = snprintf(pointer, POINTER_SIZE, "%s", prefix);
    if (strlen(name) <= NAME_SHOWN_MAX) violations_put_member(pointer + size, name);
}

static void refuse_type(struct reader *reader, const struct json *value, const char *prefix,
                        const char *wanted)
{
    char pointer[POINTER_SIZE];
    make_pointer(pointer, prefix, json_name(value));
    violations_add(reader->violations, pointer, "wrong-type", N_("The %s must be %s, not %s."),
                   json_name(value), wanted, kind_of(value));
}

static void refuse_number(struct reader *reader, const struct field *field, const char *prefix)
{
    char pointer[POINTER_SIZE];
    make_pointer(pointer, prefix, field->name);
    violations_add(reader->violations, pointer, "not-a-string",
                   N_("The %s is a JSON number, which is not exact; write it as a string, such "
                      "as \"%s\"."),
                   field->name, field->example);
}

static void refuse_unknown(struct reader *reader, const char *name, const char *prefix)
{
    char pointer[POINTER_SIZE], excerpt[TEXT_EXCERPT_SIZE];
    make_pointer(pointer, prefix, name);
    text_excerpt(name, excerpt);
    violations_add(reader->violations, pointer, "unknown-member",
                   N_("There is no member \"%s\" here; leave it out."), excerpt);
}

/* Whether a member of that name is this field, or the object that it is in. `object` is where the
 * member was found. */
static bool is_of(const struct field *field, const char *object, const char *name)
{
    if (field->presence == FIELD_DERIVED) return false;
    if (object == NULL)
        return strcmp(field->object != NULL ? field->object : field->name, name) == 0;
    return field->object != NULL && strcmp(field->object, object) == 0 &&
           strcmp(field->name, name) == 0;
}

/* Looks first at the field that `next` says, since members mostly come in the order of the row, and
 * says the one behind it. NULL: there is none. */
static const struct field *find(const struct fields *fields, const char *object, const char *name,
                                size_t *next)
{
    for (size_t i = 0; i < fields->count; i++) {
        if (*next >= fields->count) *next = 0;
        const struct field *field = &fields->items[(*next)++];
        if (is_of(field, object, name)) return field;
    }
    return NULL;
}

static void read_members(struct reader *reader, const struct fields *fields, const char *object,
                         const struct json *json, const char **texts, const char *prefix);

static void read_rows(struct reader *reader, const struct field *field, const struct json *array)
{
    struct document *document = reader->document;
    size_t count = json_count(array);
    char prefix[PREFIX_SIZE];
    snprintf(prefix, sizeof prefix, "/%s", field->name);
    if (count > field->max) {
        violations_add(reader->violations, prefix, "too-many",
                       N_("There are %zu lines; %d are the most."), count, (int)field->max);
        count = field->max;
    }
    if (count == 0) return;
    document->rows = calloc(count, sizeof *document->rows);
    if (document->rows == NULL) {
        reader->violations->out_of_memory = true;
        return;
    }
    document->values.rows = document->rows;
    document->values.row_count = count;
    const struct json *row = json_first(array);
    for (size_t i = 0; i < count; i++, row = json_next(row)) {
        snprintf(prefix, sizeof prefix, "/%s/%zu", field->name, i);
        if (json_kind(row) == JSON_OBJECT)
            read_members(reader, &field->columns, NULL, row, document->rows[i].texts, prefix);
        else
            violations_add(reader->violations, prefix, "wrong-type",
                           N_("Line %zu must be an object, not %s."), i + 1, kind_of(row));
    }
}

static void read_object(struct reader *reader, const struct fields *fields,
                        const struct json *object, const char **texts)
{
    char prefix[PREFIX_SIZE];
    if (json_kind(object) != JSON_OBJECT) {
        refuse_type(reader, object, "", N_("an object"));
        return;
    }
    snprintf(prefix, sizeof prefix, "/%s", json_name(object));
    read_members(reader, fields, json_name(object), object, texts, prefix);
}

static void read_field(struct reader *reader, const struct field *field, const struct json *value,
                       const char **text, const char *prefix)
{
    if (field->kind == FIELD_ROWS) {
        if (json_kind(value) == JSON_ARRAY)
            read_rows(reader, field, value);
        else
            refuse_type(reader, value, prefix, N_("a list of objects"));
    } else if (json_kind(value) == JSON_STRING) {
        *text = json_string(value);
    } else if (field->kind == FIELD_DECIMAL && json_kind(value) == JSON_NUMBER) {
        refuse_number(reader, field, prefix);
    } else {
        refuse_type(reader, value, prefix, N_("a string"));
    }
}

/* `object`: the name of the member that holds them; NULL: they are the record's, or a row's. */
static void read_members(struct reader *reader, const struct fields *fields, const char *object,
                         const struct json *json, const char **texts, const char *prefix)
{
    size_t next = 0;
    for (const struct json *at = json_first(json); at != NULL; at = json_next(at)) {
        const struct field *field = find(fields, object, json_name(at), &next);
        if (field == NULL) {
            bool is_key = prefix[0] == '\0' && strcmp(json_name(at), "idempotency_key") == 0;
            if (!is_key && !reader->resource->is_open)
                refuse_unknown(reader, json_name(at), prefix);
        } else if (object == NULL && field->object != NULL) {
            read_object(reader, fields, at, texts);
        } else {
            read_field(reader, field, at, &texts[field - fields->items], prefix);
        }
    }
}

static void read_shape(struct document *document, const struct resource *resource,
                       const struct json *json, struct violations *violations)
{
    struct reader reader = {resource, document, violations};
    *document = (struct document){.json = json};
    if (json_kind(json) == JSON_OBJECT) {
        read_members(&reader, &resource->fields, NULL, json, document->values.texts, "");
        return;
    }
    const char *sentence = resource->not_an_object, *gap = strstr(sentence, "%s");
    assert(gap != NULL);
    violations_add(violations, "", "wrong-type", "%.*s%s%s", (int)(gap - sentence), sentence,
                   kind_of(json), gap + strlen("%s"));
}

bool document_read(struct document *document, const struct resource *resource,
                   const struct json *json, struct violations *violations)
{
    size_t before = violations->count;
    read_shape(document, resource, json, violations);
    if (json_kind(json) != JSON_OBJECT || violations->out_of_memory) return false;
    resource_judge(resource, &document->values, json, violations);
    return violations->count == before && !violations->out_of_memory;
}

bool document_read_partial(struct document *document, const struct resource *resource,
                           const struct json *json, struct violations *violations)
{
    size_t before = violations->count;
    read_shape(document, resource, json, violations);
    return violations->count == before && !violations->out_of_memory;
}
