/* What a unique rule compares. */
#include "protocol/wire/resource.h"
#include "protocol/wire/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define YEAR_DIGITS 4

const struct unique_rule *unique_rule_of(const struct resource *resource, const char *slug)
{
    for (size_t i = 0; i < resource->unique_count; i++) {
        const struct unique_rule *rule = &resource->unique[i];
        if (rule->slug != NULL && strcmp(rule->slug, slug) == 0) return rule;
    }
    return NULL;
}

struct json *unique_problem(const struct unique_rule *rule)
{
    return problem_new_taken(rule->slug, rule->title, rule->taken);
}

static bool is_same_name(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

const char *unique_part_called(const struct unique_part *part)
{
    return part->as != NULL ? part->as : part->name;
}

const struct field *unique_part_field(const struct resource *resource,
                                      const struct unique_part *part)
{
    const struct field *field = resource->fields.items;
    const struct field *end = field + resource->fields.count;
    while (field < end &&
           !(is_same_name(field->name, part->name) && is_same_name(field->object, part->object)))
        field++;
    assert(field < end);
    return field;
}

const char *unique_part_text(const struct unique_part *part, const struct json *json)
{
    const struct json *holder = part->object != NULL ? json_member(json, part->object) : json;
    const char *text = json_text(holder, part->name);
    return text != NULL ? text : "";
}

char *unique_part_value(const struct unique_part *part, const struct json *json)
{
    return unique_text_value(part, unique_part_text(part, json));
}

char *unique_text_value(const struct unique_part *part, const char *text)
{
    switch (part->likeness) {
    case AS_TYPED:
        return strdup(text);
    case AS_FOLDED:
        return text_fold(text);
    case AS_EMAIL:
        return text_fold_email(text);
    case BY_YEAR: { /* as the number it is */
        size_t zeros = strspn(text, "0");
        return strndup(text + zeros, zeros < YEAR_DIGITS ? YEAR_DIGITS - zeros : 0);
    }
    }
    return NULL;
}

bool unique_is_same(const struct unique_rule *rule, const struct json *one,
                    const struct json *other)
{
    bool same = true;
    for (size_t i = 0; same && i < RESOURCE_PARTS_MAX && rule->parts[i].name != NULL; i++) {
        char *left = unique_part_value(&rule->parts[i], one);
        char *right = unique_part_value(&rule->parts[i], other);
        same = left != NULL && right != NULL && left[0] != '\0' && strcmp(left, right) == 0;
        free(left);
        free(right);
    }
    return same;
}
