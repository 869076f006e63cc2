#include "mock_server/engine/claims.h"

#include "mock_server/store/store.h"

#include <stdlib.h>

void claim_add(struct buffer *value, const struct unique_part *part, const char *text)
{
    char *compared = unique_text_value(part, text);
    buffer_text(value, compared ? compared : "");
    buffer_text(value, STORE_PART_END);
    value->failed = value->failed || !compared;
    free(compared);
}

bool claim_make(const struct unique_rule *rule, const struct json *request, char **value)
{
    struct buffer made = {0};
    *value = NULL;
    buffer_reserve(&made, 64);
    for (int i = 0; i < RESOURCE_PARTS_MAX && rule->parts[i].name; i++) {
        const char *text = unique_part_text(&rule->parts[i], request);
        if (text[0] == '\0') {
            buffer_clear(&made);
            return true;
        }
        claim_add(&made, &rule->parts[i], text);
    }
    buffer_append(&made, "", 1);
    if (made.failed) {
        buffer_clear(&made);
        return false;
    }
    *value = made.bytes;
    return true;
}

const struct unique_part *claim_yearly_part(const struct unique_rule *rule)
{
    for (int i = 0; i < RESOURCE_PARTS_MAX && rule->parts[i].name; i++) {
        if (rule->parts[i].likeness == BY_YEAR) {
            return &rule->parts[i];
        }
    }
    return NULL;
}

int claim_year(const struct unique_rule *rule, const struct json *request)
{
    const struct unique_part *part = claim_yearly_part(rule);
    return part ? (int)strtol(unique_part_text(part, request), NULL, 10) : 0;
}
