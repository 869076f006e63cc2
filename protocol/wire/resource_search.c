/* What is searched for among records. */
#include "protocol/wire/resource.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

static bool is_searched(const struct field *field)
{
    bool is_sum = field->kind == FIELD_DECIMAL && field->presence == FIELD_DERIVED;
    bool is_text =
        field->kind == FIELD_TEXT || field->kind == FIELD_EMAIL || field->kind == FIELD_NOTES;
    return field->label && !field->hidden &&
           (is_sum || (is_text && field->presence != FIELD_DERIVED));
}

static bool holds(const char *text, const char *part)
{
    char *folded = text ? text_fold(text) : NULL;
    bool does = folded && strstr(folded, part);
    free(folded);
    return does;
}

bool record_says(const struct resource *resource, const struct json *record, const char *part)
{
    if (!*part) return true;
    for (size_t i = 0; i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        if (!is_searched(field)) continue;
        const struct json *holder = field->object ? json_member(record, field->object) : record;
        if (holds(json_text(holder, field->name), part)) return true;
    }
    return false;
}
