/* JSON Canonicalization Scheme (RFC 8785): one text for every spelling of a value. */
#ifndef INVONCE_WIRE_CANONICAL_JSON_H
#define INVONCE_WIRE_CANONICAL_JSON_H

#include <jansson.h>

/* Members sorted by UTF-16 code units, shortest escapes, ECMAScript numbers. The top-level member
 * `except` is left out (NULL: none). Owned by the caller (free); NULL when out of memory. */
char *canonical_json(const json_t *value, const char *except);

#endif
