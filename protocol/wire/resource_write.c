/* Values as JSON: the request, where what is absent is left out; and the record, where it is what
 * holds then. */
#include "protocol/wire/buffer.h"
#include "protocol/wire/decimal.h"
#include "protocol/wire/resource.h"

#include <assert.h>
#include <string.h>

static bool is_absent(const char *text)
{
    return text == NULL || text[0] == '\0';
}

static bool is_same_object(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* --- the request --- */

static struct json *object_of(const struct fields *fields, const char *const *texts,
                              const struct values *values);

/* NULL: out of memory. */
static struct json *rows_of(const struct fields *columns, const struct values *values)
{
    struct json *array = json_new_array();
    for (size_t i = 0; array != NULL && i < values->row_count; i++) {
        if (json_append(array, object_of(columns, values->rows[i].texts, NULL))) continue;
        json_free(array);
        return NULL;
    }
    return array;
}

/* Puts a member into `object`, or into the object within it; false: out of memory. */
static bool put_member(struct json *object, const struct field *field, struct json *value)
{
    if (field->object == NULL) return json_put(object, field->name, value);
    struct json *inner = json_member(object, field->object);
    if (inner == NULL && json_put(object, field->object, json_new_object()))
        inner = json_member(object, field->object);
    return json_put(inner, field->name, value);
}

static bool put_field(struct json *object, const struct field *field, const char *text,
                      const struct values *values)
{
    if (field->presence == FIELD_DERIVED) return true;
    if (field->kind != FIELD_ROWS)
        return is_absent(text) || put_member(object, field, json_new_string(text));
    return values->row_count == 0 || put_member(object, field, rows_of(&field->columns, values));
}

/* NULL: out of memory. */
static struct json *object_of(const struct fields *fields, const char *const *texts,
                              const struct values *values)
{
    struct json *object = json_new_object();
    for (size_t i = 0; object != NULL && i < fields->count; i++) {
        if (put_field(object, &fields->items[i], texts[i], values)) continue;
        json_free(object);
        return NULL;
    }
    return object;
}

struct json *resource_request(const struct resource *resource, const struct values *values)
{
    return object_of(&resource->fields, values->texts, values);
}

/* --- the record, as text: a server writes one for each create and has no use for its tree --- */

struct writer {
    struct buffer text;
    const struct values *values;
    const struct amounts *amounts;
};

static void write_name(struct buffer *text, const char *name)
{
    if (text->length > 0 && text->bytes[text->length - 1] != '{') buffer_append(text, ",", 1);
    buffer_string(text, name, strlen(name));
    buffer_append(text, ":", 1);
}

static void write_text(struct buffer *text, const char *name, const char *value)
{
    write_name(text, name);
    buffer_string(text, value, strlen(value));
}

/* What the record says of a field; NULL: nothing. */
static const char *said(const struct writer *writer, const struct field *field, const char *text,
                        const int64_t *amount, char formatted[DECIMAL_TEXT_MAX])
{
    if (field->presence != FIELD_DERIVED || field->kind != FIELD_DECIMAL)
        return is_absent(text) ? field->if_absent : text;
    decimal_format(*amount, writer->amounts->digits, formatted);
    return formatted;
}

static void write_rows(struct writer *writer, const struct field *rows)
{
    char formatted[DECIMAL_TEXT_MAX];
    assert(writer->values->row_count <= RESOURCE_ROWS_MAX); /* each has its amount */
    write_name(&writer->text, rows->name);
    buffer_append(&writer->text, "[", 1);
    for (size_t row = 0; row < writer->values->row_count; row++) {
        buffer_text(&writer->text, row > 0 ? ",{" : "{");
        for (size_t i = 0; i < rows->columns.count; i++) {
            const struct field *column = &rows->columns.items[i];
            const char *text = said(writer, column, writer->values->rows[row].texts[i],
                                    &writer->amounts->rows[row], formatted);
            if (text != NULL) write_text(&writer->text, column->name, text);
        }
        buffer_append(&writer->text, "}", 1);
    }
    buffer_append(&writer->text, "]", 1);
}

/* Ends the object that is open where the next member isn't in it, and begins the one it is in. */
static const char *turn_to(struct buffer *text, const char *open, const char *object)
{
    if (is_same_object(open, object)) return open;
    if (open != NULL) buffer_append(text, "}", 1);
    if (object != NULL) {
        write_name(text, object);
        buffer_append(text, "{", 1);
    }
    return object;
}

static void write_fields(struct writer *writer, const struct fields *fields)
{
    char formatted[DECIMAL_TEXT_MAX];
    const char *open = NULL;
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        const char *text =
            said(writer, field, writer->values->texts[i], &writer->amounts->fields[i], formatted);
        if (text == NULL && field->kind != FIELD_ROWS) continue;
        open = turn_to(&writer->text, open, field->object);
        if (field->kind == FIELD_ROWS)
            write_rows(writer, field);
        else
            write_text(&writer->text, field->name, text);
    }
    turn_to(&writer->text, open, NULL);
}

char *resource_write(const struct resource *resource, const struct values *values, const char *id,
                     const char *created_at, const char *created_by)
{
    struct amounts amounts; /* large, and only what is derived of it is read */
    struct writer writer = {.values = values, .amounts = &amounts};
    struct buffer *text = &writer.text;
    if (resource->derive != NULL && !resource->derive(values, &amounts)) return NULL;
    buffer_reserve(text, 1024);
    buffer_append(text, "{", 1);
    write_text(text, "id", id);
    write_text(text, "status", "open");
    write_fields(&writer, &resource->fields);
    write_text(text, "created_at", created_at);
    write_text(text, "created_by", created_by);
    buffer_append(text, "}", sizeof "}");
    if (!text->failed) return text->bytes;
    buffer_clear(text);
    return NULL;
}
