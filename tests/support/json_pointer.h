/* JSON documents reached into and changed by RFC 6901 pointers. */
#ifndef INVONCE_TESTS_SUPPORT_JSON_POINTER_H
#define INVONCE_TESTS_SUPPORT_JSON_POINTER_H

#include "protocol/wire/json.h"
#include <stdbool.h>

/* What is there, or NULL. Borrowed. */
struct json *json_pointer_get(const struct json *document, const char *pointer);

/* The string there, or "" when there is none. Borrowed. */
const char *json_pointer_text(const struct json *document, const char *pointer);

/* Puts `value` (its reference is taken) there; NULL removes the member. An index one past the end
 * of an array appends. Dies when the parent isn't there. */
void json_pointer_put(struct json *document, const char *pointer, struct json *value);

/* Any JSON value from text; dies when it isn't JSON. New reference. */
struct json *json_from(const char *text);

/* Compact text; the caller's to free. */
char *json_to(const struct json *value);

#endif
