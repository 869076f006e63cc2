#include "mock_server/duplicates/claimed.h"

#include "mock_server/engine/claims.h"

/* A rule whose records are used again, and not refused, is one of a key that they are found by. */
bool claimed_by(const struct unique_rule *rule, const struct json *record,
                struct store_claim *claim, char **value)
{
    bool is_key = rule->slug == NULL;
    bool ok = true;
    *value = NULL;
    if (!is_key) {
        ok = claim_make(rule, record, value);
    } else if (unique_part_text(&rule->parts[0], record)[0] != '\0') {
        *value = unique_part_value(&rule->parts[0], record);
        ok = *value != NULL;
    }
    *claim = (struct store_claim){rule->name, *value, is_key};
    return ok;
}
