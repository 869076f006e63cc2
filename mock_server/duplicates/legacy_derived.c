/* What our side derives of a record, where another system gives it, too: it must be the same. */
#include "mock_server/duplicates/legacy_inside.h"
#include "protocol/wire/decimal.h"

static struct json *take_member(struct json *container, const char *name)
{
    struct json *member = json_kind(container) == JSON_OBJECT ? json_member(container, name) : NULL;
    return member ? json_take(container, member) : NULL;
}

static const struct field *derived_column(const struct field *rows)
{
    for (size_t i = 0; rows && i < rows->columns.count; i++) {
        if (rows->columns.items[i].presence == FIELD_DERIVED) {
            return &rows->columns.items[i];
        }
    }
    return NULL;
}

static void take_rows(struct derived *derived, const struct field *rows, struct json *record)
{
    const struct field *column = derived_column(rows);
    struct json *list = column ? json_member(record, rows->name) : NULL;
    struct json *row = json_kind(list) == JSON_ARRAY ? json_first(list) : NULL;
    for (size_t i = 0; row && i < RESOURCE_ROWS_MAX; i++, row = json_next(row)) {
        derived->rows[i] = take_member(row, column->name);
    }
}

void derived_take(struct derived *derived, const struct resource *resource, struct json *record)
{
    *derived = (struct derived){0};
    for (size_t i = 0; i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        struct json *holder = field->object ? json_member(record, field->object) : record;
        if (field->presence == FIELD_DERIVED && holder) {
            derived->fields[i] = take_member(holder, field->name);
            if (field->object && derived->fields[i] && json_count(holder) == 0) {
                json_remove(record, field->object); /* it held nothing else */
            }
        }
    }
    take_rows(derived, resource_rows(resource), record);
}

void derived_clear(struct derived *derived)
{
    for (size_t i = 0; i < RESOURCE_FIELDS_MAX; i++) {
        json_free(derived->fields[i]);
    }
    for (size_t i = 0; i < RESOURCE_ROWS_MAX; i++) {
        json_free(derived->rows[i]);
    }
}

static bool is_same(const struct json *given, int64_t units, unsigned digits)
{
    const char *text = json_string(given);
    struct decimal value, ours = {units, digits};
    return text && decimal_parse(text, &value) == DECIMAL_OK && decimal_compare(value, ours) == 0;
}

static void refuse_amount(struct buffer *reason, const char *what, size_t row,
                          const struct json *given, int64_t units, unsigned digits)
{
    char ours[DECIMAL_TEXT_MAX];
    decimal_format(units, digits, ours);
    buffer_printf(reason, "The %s", what);
    if (row > 0) {
        buffer_printf(reason, " of line %zu", row);
    }
    buffer_text(reason, " is given as ");
    buffer_json(reason, given);
    buffer_printf(reason, ", and comes to \"%s\".", ours);
}

bool derived_agrees(const struct derived *derived, const struct resource *resource,
                    const struct values *values, struct buffer *reason)
{
    struct amounts amounts;
    const struct field *column = derived_column(resource_rows(resource));
    if (!resource->derive || !resource->derive(values, &amounts)) {
        return true; /* what doesn't fit was refused when it was judged */
    }
    for (size_t i = 0; column && i < values->row_count; i++) {
        if (derived->rows[i] && !is_same(derived->rows[i], amounts.rows[i], amounts.digits)) {
            refuse_amount(reason, column->name, i + 1, derived->rows[i], amounts.rows[i],
                          amounts.digits);
            return false;
        }
    }
    for (size_t i = 0; i < resource->fields.count; i++) {
        if (derived->fields[i] && resource->fields.items[i].kind == FIELD_DECIMAL &&
            !is_same(derived->fields[i], amounts.fields[i], amounts.digits)) {
            refuse_amount(reason, resource->fields.items[i].name, 0, derived->fields[i],
                          amounts.fields[i], amounts.digits);
            return false;
        }
    }
    return true;
}
