#include "mock_server/duplicates/lines.h"

#include "mock_server/duplicates/record.h"
#include "protocol/wire/decimal.h"

#include <string.h>

static const char *text_of(const struct field *field, const struct json *row)
{
    const char *text = json_text(row, field->name);
    return text && text[0] ? text : field->if_absent ? field->if_absent : "";
}

static bool is_same_text(const struct field *field, const char *one, const char *other)
{
    struct decimal a, b;
    if (field->kind == FIELD_DECIMAL && decimal_parse(one, &a) == DECIMAL_OK &&
        decimal_parse(other, &b) == DECIMAL_OK) {
        return decimal_compare(a, b) == 0;
    }
    return strcmp(one, other) == 0;
}

static bool is_same_row(const struct fields *columns, const struct json *one,
                        const struct json *other)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct field *field = &columns->items[i];
        if (field->presence != FIELD_DERIVED &&
            !is_same_text(field, text_of(field, one), text_of(field, other))) {
            return false;
        }
    }
    return true;
}

/* Takes the first row that is like this one out of the array. */
static bool strike_out(const struct fields *columns, struct json *rows, const struct json *like)
{
    for (struct json *row = json_first(rows); row; row = json_next(row)) {
        if (is_same_row(columns, row, like)) {
            json_free(json_take(rows, row));
            return true;
        }
    }
    return false;
}

struct json *lines_missing(const struct resource *resource, const struct json *first,
                           const struct json *second, size_t *beyond)
{
    const struct field *rows = resource_rows(resource);
    struct json *missing = json_new_array();
    const struct json *list = rows ? json_member(first, rows->name) : NULL;
    struct json *left = list ? json_copy(list) : json_new_array();
    bool ok = missing && left;
    const struct json *row = ok && rows ? json_first(json_member(second, rows->name)) : NULL;
    for (; ok && row; row = json_next(row)) {
        ok = strike_out(&rows->columns, left, row) || json_append(missing, json_copy(row));
    }
    *beyond = json_count(left);
    json_free(left);
    if (!ok) {
        json_free(missing);
        return NULL;
    }
    return missing;
}

static struct json *amount(int64_t units, unsigned digits)
{
    char text[DECIMAL_TEXT_MAX];
    decimal_format(units, digits, text);
    return json_new_string(text);
}

/* The rows with what is derived of each. NULL: out of memory. */
static struct json *derived_rows(const struct fields *columns, const struct json *rows,
                                 const struct amounts *amounts)
{
    struct json *made = json_new_array();
    size_t at = 0;
    for (const struct json *row = json_first(rows); made && row; row = json_next(row), at++) {
        struct json *copy = json_copy(row);
        for (size_t i = 0; copy && i < columns->count; i++) {
            if (columns->items[i].presence == FIELD_DERIVED) {
                copy = record_with(copy, columns->items[i].name,
                                   amount(amounts->rows[at], amounts->digits));
            }
        }
        if (!copy || !json_append(made, copy)) {
            json_free(made);
            return NULL;
        }
    }
    return made;
}

/* A derived field of the record, in its place. */
static struct json *with_amount(struct json *record, const struct field *field,
                                const struct amounts *amounts, size_t i)
{
    struct json *value = amount(amounts->fields[i], amounts->digits);
    if (!field->object) {
        return record_with(record, field->name, value);
    }
    struct json *object = json_copy(json_member(record, field->object));
    object = object ? record_with(object, field->name, value) : NULL;
    if (!object) {
        json_free(record);
        return NULL;
    }
    return record_with(record, field->object, object);
}

static struct json *with_amounts(struct json *record, const struct resource *resource,
                                 const struct amounts *amounts)
{
    for (size_t i = 0; record && i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        if (field->presence == FIELD_DERIVED && field->kind == FIELD_DECIMAL) {
            record = with_amount(record, field, amounts, i);
        }
    }
    return record;
}

static enum lines_end derive(const struct resource *resource, struct json **record,
                             struct amounts *amounts)
{
    const struct field *rows = resource_rows(resource);
    struct record read;
    bool believed = record_believe(&read, resource, *record);
    enum lines_end end = believed ? LINES_OK : LINES_FAILED;
    if (believed && resource->derive && !resource->derive(&read.document.values, amounts)) {
        end = LINES_TOO_LARGE;
    }
    record_clear(&read);
    if (end != LINES_OK || !resource->derive) {
        return end;
    }
    struct json *made = derived_rows(&rows->columns, json_member(*record, rows->name), amounts);
    *record = made ? record_with(*record, rows->name, made) : *record;
    *record = made && *record ? with_amounts(*record, resource, amounts) : *record;
    return made && *record ? LINES_OK : LINES_FAILED;
}

enum lines_end lines_put(const struct resource *resource, struct json **record,
                         const struct json *rows)
{
    const struct field *field = resource_rows(resource);
    struct amounts amounts;
    if (json_count(rows) > field->max) {
        return LINES_TOO_MANY;
    }
    struct json *made = json_copy(*record), *copy = json_copy(rows);
    if (!made || !copy) {
        json_free(made);
        json_free(copy);
        return LINES_FAILED;
    }
    made = record_with(made, field->name, copy);
    enum lines_end end = made ? derive(resource, &made, &amounts) : LINES_FAILED;
    if (end == LINES_OK) {
        json_free(*record);
        *record = made;
    } else {
        json_free(made);
    }
    return end;
}

const char *lines_total(const struct resource *resource, const struct json *record)
{
    const char *text = NULL;
    for (size_t i = 0; i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        if (field->presence == FIELD_DERIVED && field->kind == FIELD_DECIMAL) {
            text =
                json_text(field->object ? json_member(record, field->object) : record, field->name);
        }
    }
    return text ? text : "";
}
