#include "protocol/wire/resource_csv_write.h"

/* One row: the header, where there is no record, or one of the record's rows. */
struct row_writing {
    struct buffer *text;
    struct csv_form form;
    const struct json *record; /* NULL: the header */
    const struct json *row;    /* NULL: it has none */
    bool is_first;             /* of the record's */
    bool begun;
};

static void put_delimiter(struct row_writing *writing)
{
    if (writing->begun) buffer_append(writing->text, &writing->form.delimiter, 1);
    writing->begun = true;
}

static void put_title(struct row_writing *writing, const char *object, const char *name)
{
    struct buffer title = {0};
    buffer_printf(&title, "%s%s%s", object != NULL ? object : "", object != NULL ? "." : "", name);
    if (!title.failed) csv_put_cell(writing->text, title.bytes, title.length);
    writing->text->failed = writing->text->failed || title.failed;
    buffer_clear(&title);
}

static void put_member(struct row_writing *writing, const struct json *holder, const char *object,
                       const char *name, bool is_decimal)
{
    put_delimiter(writing);
    if (writing->record == NULL) {
        put_title(writing, object, name);
        return;
    }
    const char *value = json_text(object != NULL ? json_member(holder, object) : holder, name);
    csv_put_value(writing->text, value != NULL ? value : "",
                  is_decimal && writing->form.decimal_comma);
}

/* Sums stand in the first row alone, so that their column can be summed up. */
static void put_field(struct row_writing *writing, const struct field *field)
{
    bool is_decimal = field->kind == FIELD_DECIMAL;
    bool is_sum = is_decimal && field->presence == FIELD_DERIVED;
    const struct json *holder = is_sum && !writing->is_first ? NULL : writing->record;
    put_member(writing, holder, field->object, field->name, is_decimal);
}

static void put_columns(struct row_writing *writing, const struct fields *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct field *column = &columns->items[i];
        put_member(writing, writing->row, NULL, column->name, column->kind == FIELD_DECIMAL);
    }
}

static void put_row(struct row_writing *writing, const struct resource *resource)
{
    for (size_t i = 0; i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        if (field->kind == FIELD_ROWS)
            put_columns(writing, &field->columns);
        else
            put_field(writing, field);
    }
    for (size_t i = 0; i < CSV_OTHER_COUNT; i++)
        put_member(writing, writing->record, NULL, CSV_OTHER_MEMBERS[i], false);
    buffer_text(writing->text, "\r\n");
}

void resource_csv_put_header(struct buffer *text, const struct resource *resource,
                             struct csv_form form)
{
    put_row(&(struct row_writing){.text = text, .form = form}, resource);
}

void resource_csv_put_record(struct buffer *text, const struct resource *resource,
                             const struct json *record, struct csv_form form)
{
    const struct field *rows = resource_rows(resource);
    const struct json *row = rows != NULL ? json_first(json_member(record, rows->name)) : NULL;
    bool is_first = true;
    do {
        put_row(
            &(struct row_writing){
                .text = text, .form = form, .record = record, .row = row, .is_first = is_first},
            resource);
        is_first = false;
        row = row != NULL ? json_next(row) : NULL;
    } while (row != NULL);
}
