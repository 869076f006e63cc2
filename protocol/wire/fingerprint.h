/* The fingerprint of a request: what "the same request" means under one idempotency key. */
#ifndef INVONCE_WIRE_FINGERPRINT_H
#define INVONCE_WIRE_FINGERPRINT_H

#include "protocol/wire/json.h"
#include <stdbool.h>

#define FINGERPRINT_TEXT_SIZE 65 /* SHA-256 as lower-case hex, and its NUL */

/* SHA-256 of the canonical JSON of `body` without its top-level "idempotency_key".
 * False when out of memory. */
__attribute__((warn_unused_result)) bool fingerprint_of(const struct json *body,
                                                        char hex[FINGERPRINT_TEXT_SIZE]);

/* The SHA-256 of bytes, as hex. False when out of memory. */
__attribute__((warn_unused_result)) bool fingerprint_of_bytes(const void *bytes, size_t length,
                                                              char hex[FINGERPRINT_TEXT_SIZE]);

#endif
