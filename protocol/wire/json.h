/* JSON in: strict RFC 8259 within I-JSON (RFC 7493), over jansson, with bounds and clear sentences.
 */
#ifndef INVONCE_WIRE_JSON_H
#define INVONCE_WIRE_JSON_H

#include <jansson.h>
#include <stddef.h>

#define JSON_BODY_MAX    (256 * 1024) /* bytes of a request body */
#define JSON_DEPTH_MAX   16
#define JSON_PROBLEM_MAX 200

/* Reads one JSON object. Refuses invalid UTF-8, a BOM, U+0000, unpaired surrogates, duplicate
 * members, nesting past JSON_DEPTH_MAX, and anything after the object. The reference is the
 * caller's; NULL with a sentence in `problem` that says what was wrong and where (line, column). */
json_t *json_read_object(const char *bytes, size_t length, char problem[JSON_PROBLEM_MAX]);

/* Compact text in member order. Owned by the caller (free); NULL when out of memory. */
char *json_write(const json_t *value);

/* The string member `name` of an object, or NULL when absent or not a string. Borrowed. */
const char *json_text(const json_t *object, const char *name);

#endif
