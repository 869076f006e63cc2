/* What the rows of the resources say of a request, a line a field, as rows.jq has it of a document:
 * schema, pointer, whether it is required, kind, limit; and of each rule's problem. */
#include "protocol/wire/resources/resources.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void tell(const char *schema, const char *pointer, bool required, const char *kind,
                 size_t limit)
{
    printf("%s %s %s %s %zu\n", schema, pointer, required ? "required" : "optional", kind, limit);
}

static bool object_is_required(const struct fields *fields, const char *object)
{
    for (size_t i = 0; i < fields->count; i++)
        if (fields->items[i].object != NULL && strcmp(fields->items[i].object, object) == 0 &&
            fields->items[i].presence == FIELD_REQUIRED)
            return true;
    return false;
}

static void tell_fields(const char *schema, const char *prefix, const struct fields *fields)
{
    static const char *const KINDS[] = {
        [FIELD_TEXT] = "text",         [FIELD_NOTES] = "text",  [FIELD_DATE] = "date",
        [FIELD_CURRENCY] = "currency", [FIELD_EMAIL] = "email", [FIELD_DECIMAL] = "decimal",
        [FIELD_ROWS] = "rows",
    };
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        char pointer[256], object[64] = "";
        if (field->presence == FIELD_DERIVED) continue;
        if (field->object != NULL) snprintf(object, sizeof object, "/%s", field->object);
        if (field->object != NULL)
            tell(schema, object, object_is_required(fields, field->object), "object", 0);
        snprintf(pointer, sizeof pointer, "%s%s/%s", prefix, object, field->name);
        tell(schema, pointer, field->presence != FIELD_OPTIONAL, KINDS[field->kind],
             field->kind == FIELD_DECIMAL ? field->decimals : field->max);
        if (field->kind == FIELD_ROWS) tell_fields(schema, pointer, &field->columns);
    }
}

int main(void)
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        char schema[64];
        snprintf(schema, sizeof schema, "%sRequest", RESOURCES[i]->name);
        schema[0] = (char)toupper((unsigned char)schema[0]);
        tell_fields(schema, "", &RESOURCES[i]->fields);
        for (size_t rule = 0; rule < RESOURCES[i]->unique_count; rule++)
            printf("taken %s\n", RESOURCES[i]->unique[rule].slug);
    }
    return 0;
}
