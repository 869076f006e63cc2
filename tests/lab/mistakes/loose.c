/* Mistakes, linked into a server of the tests alone: what is another key, or another request, is
 * taken for the same. INVONCE_LOOSE in the environment says which mistake it is. */
#include "protocol/wire/canonical_json.h"
#include "protocol/wire/idempotency_key.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool __real_idempotency_key_from_header(const char *value, char key[IDEMPOTENCY_KEY_SIZE]);
bool __wrap_idempotency_key_from_header(const char *value, char key[IDEMPOTENCY_KEY_SIZE]);
bool __real_idempotency_key_is_valid(const char *key);
bool __wrap_idempotency_key_is_valid(const char *key);
char *__real_canonical_json(const struct json *value, const char *except);
char *__wrap_canonical_json(const struct json *value, const char *except);

static bool is_made(const char *mistake)
{
    const char *made = getenv("INVONCE_LOOSE");
    return made && strcmp(made, mistake) == 0;
}

bool __wrap_idempotency_key_from_header(const char *value, char key[IDEMPOTENCY_KEY_SIZE])
{
    if (!__real_idempotency_key_from_header(value, key)) return false;
    for (char *at = key; *at && is_made("case"); at++)
        *at = (char)tolower((unsigned char)*at);
    if (is_made("cut") && strlen(key) > 128) key[128] = '\0';
    if (is_made("trim") && key[strlen(key) - 1] == ' ') key[strlen(key) - 1] = '\0';
    return true;
}

bool __wrap_idempotency_key_is_valid(const char *key)
{
    return is_made("long") || __real_idempotency_key_is_valid(key);
}

char *__wrap_canonical_json(const struct json *value, const char *except)
{
    if (!is_made("lines")) return __real_canonical_json(value, except);
    struct json *rest = json_copy(value);
    if (rest) json_remove(rest, "lines");
    char *canonical = rest ? __real_canonical_json(rest, except) : NULL;
    json_free(rest);
    return canonical;
}
