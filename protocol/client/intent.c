#include "protocol/client/intent.h"

#include "protocol/wire/json.h"

#include <stdlib.h>
#include <string.h>

/* Takes over `body` and `json`, also when it fails. */
static struct intent *intent_of(const struct resource *kind, const char *key, char *body,
                                struct json *json)
{
    size_t key_length = strlen(key);
    struct intent *intent = calloc(1, sizeof *intent);
    if (intent == NULL || body == NULL || json == NULL || key_length >= sizeof intent->key) {
        free(intent);
        free(body);
        json_free(json);
        return NULL;
    }
    *intent =
        (struct intent){.kind = kind, .body = body, .body_length = strlen(body), .json = json};
    memcpy(intent->key, key, key_length + 1);
    intent->name = intent_name(kind, json);
    intent->scope = intent_scope(kind, json);
    if (intent->name != NULL && intent->scope != NULL && fingerprint_of(json, intent->fingerprint))
        return intent;
    intent_free(intent);
    return NULL;
}

struct intent *intent_freeze(const struct resource *kind, const struct json *body, const char *key)
{
    struct json *own = json_copy(body); /* nobody else's changes reach it */
    if (own == NULL) return NULL;
    json_remove(own, "idempotency_key");
    return intent_of(kind, key, json_write(own), own);
}

struct intent *intent_thaw(const struct resource *kind, const char *key, const char *body,
                           size_t length)
{
    char problem[JSON_PROBLEM_MAX];
    if (!idempotency_key_is_valid(key)) return NULL;
    struct json *json = json_read_object(body, length, problem);
    return json != NULL ? intent_of(kind, key, strndup(body, length), json) : NULL;
}

void intent_free(struct intent *intent)
{
    if (intent == NULL) return;
    free(intent->body);
    json_free(intent->json);
    free(intent->name);
    free(intent->scope);
    free(intent);
}
