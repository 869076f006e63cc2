#include "mock_server/engine/audit_values.h"

#include "protocol/wire/date.h"
#include "protocol/wire/text.h"

/* As it was sent, empty too. False: it isn't there, or isn't what it should be. */
static bool read_part(const struct resource *resource, const struct unique_part *part,
                      const struct json *body, struct store_value *value)
{
    const struct json *holder = part->object ? json_member(body, part->object) : body;
    const char *text = json_text(holder, part->name);
    struct date date;
    *value = (struct store_value){.name = unique_part_called(part)};
    if (!text) return false;
    if (part->likeness == BY_YEAR) {
        bool reads = date_parse(text, &date);
        value->number = reads ? date.year : 0;
        return reads;
    }
    value->text = text;
    return text_length(text) <= unique_part_field(resource, part)->max;
}

/* How many there are with those of the rule. What is in an object is told whole or not at all. */
static int read_rule(const struct resource *resource, const struct unique_rule *rule,
                     const struct json *body, struct store_value values[STORE_VALUES_MAX],
                     int count)
{
    int before = count;
    for (int i = 0; i < RESOURCE_PARTS_MAX && rule->parts[i].name && count < STORE_VALUES_MAX;
         i++) {
        struct store_value value;
        if (read_part(resource, &rule->parts[i], body, &value)) {
            values[count++] = value;
        } else if (rule->parts[i].object) {
            while (count > before) {
                values[--count] = (struct store_value){0};
            }
            return count;
        }
    }
    return count;
}

void audit_values_read(const struct creator *creator, const struct json *body,
                       const char *parameter, struct store_value values[STORE_VALUES_MAX])
{
    const struct resource *resource = creator->resource;
    int count = 0;
    if (creator->parameter) {
        values[count++] = (struct store_value){creator->parameter, parameter, 0};
    }
    for (size_t i = 0; i < resource->unique_count; i++) {
        count = read_rule(resource, &resource->unique[i], body, values, count);
    }
}
