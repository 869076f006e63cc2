#include "protocol/wire/csv_columns.h"

#include "protocol/wire/csv_cell.h"
#include "protocol/wire/message.h"

#include <string.h>
#include <strings.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const char *const PAYMENT_MEMBERS[] = {"provider", "event_id", "amount", "currency",
                                              "paid_at"};

/* "customer.email" */
static bool is_called(const char *title, const char *object, const char *name)
{
    size_t length = object != NULL ? strlen(object) : 0;
    if (length > 0 && (strncasecmp(title, object, length) != 0 || title[length] != '.'))
        return false;
    return strcasecmp(title + (length > 0 ? length + 1 : 0), name) == 0;
}

static bool find_field(const struct fields *fields, enum csv_place place, const char *title,
                       struct csv_column *column)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        if (field->kind == FIELD_ROWS || !is_called(title, field->object, field->name)) continue;
        *column =
            (struct csv_column){place, field->object, field->name, field->kind == FIELD_DECIMAL};
        return true;
    }
    return false;
}

static bool find_member(const char *const *names, size_t count, enum csv_place place,
                        const char *object, const char *title, struct csv_column *column)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_called(title, object, names[i])) continue;
        *column = (struct csv_column){place, NULL, names[i], strcmp(names[i], "amount") == 0};
        return true;
    }
    return false;
}

static bool find_column(const struct resource *resource, const char *title,
                        struct csv_column *column)
{
    static const char *const REJECTED[] = {"rejected"};
    const struct field *rows = resource_rows(resource);
    return find_field(&resource->fields, CSV_OF_RECORD, title, column) ||
           (rows != NULL && find_field(&rows->columns, CSV_OF_ROW, title, column)) ||
           find_member(CSV_OTHER_MEMBERS, CSV_OTHER_COUNT, CSV_OF_RECORD, NULL, title, column) ||
           find_member(PAYMENT_MEMBERS, COUNT_OF(PAYMENT_MEMBERS), CSV_OF_PAYMENT, "payment", title,
                       column) ||
           find_member(REJECTED, 1, CSV_OF_NOTHING, NULL, title, column);
}

static bool is_there_twice(const struct csv_columns *columns, size_t column)
{
    const struct csv_column *one = &columns->items[column];
    for (size_t i = 0; i < column; i++)
        if (columns->items[i].place == one->place && columns->items[i].object == one->object &&
            columns->items[i].name == one->name)
            return true;
    return false;
}

const char *csv_columns_read(struct csv_columns *columns, const struct resource *resource,
                             const struct csv_row *header, const char **about)
{
    const struct unique_part *name = &resource->unique[0].parts[0];
    columns->named = CSV_COLUMNS_MAX;
    for (size_t i = 0; i < header->count; i++) {
        *about = csv_row_cell(header, i);
        if (csv_row_unreadable(header, i) != NULL)
            return N_("the first line isn't UTF-8: have it exported as \"CSV UTF-8\"");
        if (!find_column(resource, *about, &columns->items[i]))
            return N_("there is no column \"%s\" here; the first line must name the columns, as a "
                      "record names its members: \"number\", \"customer.email\"");
        if (is_there_twice(columns, i))
            return N_("there are two columns \"%s\"; leave one of them out");
        if (columns->items[i].place == CSV_OF_RECORD && is_called(*about, name->object, name->name))
            columns->named = i;
    }
    *about = name->name;
    if (columns->named == CSV_COLUMNS_MAX)
        return N_("the first line must name the columns, and there is none called \"%s\"");
    columns->count = header->count;
    return NULL;
}
