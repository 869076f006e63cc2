/* The Idempotency-Key: one per intent (draft-ietf-httpapi-idempotency-key-header). */
#ifndef INVONCE_WIRE_IDEMPOTENCY_KEY_H
#define INVONCE_WIRE_IDEMPOTENCY_KEY_H

#include <stdbool.h>
#include <stddef.h>

#define IDEMPOTENCY_KEY_MAX         255 /* characters */
#define IDEMPOTENCY_KEY_SIZE        (IDEMPOTENCY_KEY_MAX + 1)
#define IDEMPOTENCY_KEY_HEADER_SIZE (2 * IDEMPOTENCY_KEY_MAX + 3)

/* A new UUIDv7 (RFC 9562 section 5.7) on libuuid's random bytes, so that unique indexes grow at
 * one end. */
void idempotency_key_make(char key[IDEMPOTENCY_KEY_SIZE]);

/* Reads a header's value: an RFC 8941 string (escapes undone, parameters ignored) or the bare
 * form (0x21 to 0x7E except " , ;). False when it is neither, or not 1 to 255 characters. */
bool idempotency_key_from_header(const char *value, char key[IDEMPOTENCY_KEY_SIZE]);

/* True for a key as such, out of a header: what an RFC 8941 string can hold, 1 to 255 characters.
 */
bool idempotency_key_is_valid(const char *key);

/* The quoted form that goes on the wire. `key` must be valid. */
void idempotency_key_to_header(const char *key, char value[IDEMPOTENCY_KEY_HEADER_SIZE]);

#endif
