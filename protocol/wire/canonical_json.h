/* JSON Canonicalization Scheme (RFC 8785): one text for every spelling of a value. */
#ifndef INVONCE_WIRE_CANONICAL_JSON_H
#define INVONCE_WIRE_CANONICAL_JSON_H

#include "protocol/wire/json.h"

/* Members sorted by UTF-16 code units, shortest escapes, ECMAScript numbers. The top-level member
 * `except` is left out (NULL: none). Owned by the caller (free); NULL when out of memory. */
char *canonical_json(const struct json *value, const char *except);

/* The same value, in whatever order the members stand; false for NULL, and without memory. */
bool json_equal(const struct json *left, const struct json *right);

#endif
