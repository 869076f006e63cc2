#include "protocol/wire/idempotency_key.h"

#include "protocol/wire/clock.h"

#include <stdint.h>
#include <string.h>
#include <uuid/uuid.h>

/* RFC 9562 section 5.7: 48 bits of milliseconds, the version, the variant, the rest random. */
void idempotency_key_make(char key[IDEMPOTENCY_KEY_SIZE])
{
    uuid_t uuid;
    uuid_generate_random(uuid);
    int64_t milliseconds = clock_now_ms();
    for (int i = 0; i < 6; i++)
        uuid[i] = (unsigned char)(milliseconds >> (40 - 8 * i));
    uuid[6] = (unsigned char)((uuid[6] & 0x0F) | 0x70);
    uuid[8] = (unsigned char)((uuid[8] & 0x3F) | 0x80);
    uuid_unparse_lower(uuid, key);
}

/* VCHAR and SP: what RFC 8941 section 3.3.3 lets stand in a string. */
static bool is_printable(char c)
{
    return c >= 0x20 && c <= 0x7E;
}

static bool is_bare(char c)
{
    return c >= 0x21 && c <= 0x7E && c != '"' && c != ',' && c != ';';
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* Past the closing quote, or NULL. `key` may be NULL; one that is too long is NULL too. */
static const char *read_quoted(const char *at, char *key)
{
    size_t size = 0;
    for (at++; *at != '"'; at++) {
        if (*at == '\\' && *++at != '"' && *at != '\\') return NULL;
        if (!is_printable(*at)) return NULL;
        if (key == NULL) continue;
        if (size == IDEMPOTENCY_KEY_MAX) return NULL;
        key[size++] = *at;
    }
    if (key != NULL) key[size] = '\0';
    return at + 1;
}

/* Past the bare characters, or NULL when there is none or too many. */
static const char *read_bare(const char *at, char *key)
{
    size_t size = 0;
    while (is_bare(at[size]))
        size++;
    if (size == 0 || size > IDEMPOTENCY_KEY_MAX) return NULL;
    memcpy(key, at, size);
    key[size] = '\0';
    return at + size;
}

/* Past the parameters (RFC 8941 section 3.1.2: `;name`, `;name=value`, `;name="value"`), or NULL.
 */
static const char *skip_parameters(const char *at)
{
    while (*at == ';') {
        at = skip_blanks(at + 1);
        size_t name = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_-.*");
        if (name == 0) return NULL;
        at += name;
        if (*at != '=') continue;
        at++;
        if (*at == '"') {
            at = read_quoted(at, NULL);
            if (at == NULL) return NULL;
        } else {
            if (!is_bare(*at)) return NULL;
            while (is_bare(*at))
                at++;
        }
    }
    return at;
}

bool idempotency_key_from_header(const char *value, char key[IDEMPOTENCY_KEY_SIZE])
{
    const char *at = skip_blanks(value);
    if (*at == '"') {
        at = read_quoted(at, key);
        if (at == NULL || key[0] == '\0') return false;
        at = skip_parameters(at);
    } else {
        at = read_bare(at, key);
    }
    return at != NULL && *skip_blanks(at) == '\0';
}

bool idempotency_key_is_valid(const char *key)
{
    size_t size = 0;
    for (; key[size] != '\0'; size++)
        if (size == IDEMPOTENCY_KEY_MAX || !is_printable(key[size])) return false;
    return size > 0;
}

void idempotency_key_to_header(const char *key, char value[IDEMPOTENCY_KEY_HEADER_SIZE])
{
    size_t size = 0;
    value[size++] = '"';
    for (; *key != '\0'; key++) {
        if (*key == '"' || *key == '\\') value[size++] = '\\';
        value[size++] = *key;
    }
    value[size++] = '"';
    value[size] = '\0';
}
