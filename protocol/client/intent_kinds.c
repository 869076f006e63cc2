#include "protocol/client/intent_kinds.h"

#include "protocol/wire/resources/resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct resource *intent_kind_named(const char *name)
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++)
        if (strcmp(RESOURCES[i]->name, name) == 0) return RESOURCES[i];
    return NULL;
}

bool intent_check(const struct resource *kind, const struct json *body,
                  struct violations *violations)
{
    struct document document;
    bool valid = document_read(&document, kind, body, violations);
    document_clear(&document);
    return valid;
}

char *intent_name(const struct resource *kind, const struct json *body)
{
    return strdup(unique_part_text(&kind->unique[0].parts[0], body));
}

/* "invoice/2026/2026-0042": what holds most of them comes first. */
char *intent_scope(const struct resource *kind, const struct json *body)
{
    const struct unique_part *parts = kind->unique[0].parts;
    char *scope = strdup(kind->name);
    for (size_t i = RESOURCE_PARTS_MAX; scope != NULL && i-- > 0;) {
        if (parts[i].name == NULL) continue;
        char *value = unique_part_value(&parts[i], body), *longer = NULL;
        if (value == NULL || asprintf(&longer, "%s/%s", scope, value) < 0) longer = NULL;
        free(value);
        free(scope);
        scope = longer;
    }
    return scope;
}

static bool is_record(const struct resource *kind, const struct json *json)
{
    struct record record;
    bool is = record_believe(&record, kind, json);
    record_clear(&record);
    return is;
}

bool intent_is_of(const struct resource *kind, const struct json *record, const struct json *body)
{
    return is_record(kind, record) && resource_is_of(kind, record, body);
}

bool intent_is_original(const struct resource *kind, const struct unique_rule *rule,
                        const struct json *record, const struct json *body)
{
    return rule != NULL && is_record(kind, record) && unique_is_same(rule, record, body);
}
