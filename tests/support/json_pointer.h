/* JSON documents reached into and changed by RFC 6901 pointers. */
#ifndef INVONCE_TESTS_SUPPORT_JSON_POINTER_H
#define INVONCE_TESTS_SUPPORT_JSON_POINTER_H

#include <jansson.h>
#include <stdbool.h>

/* What is there, or NULL. Borrowed. */
json_t *json_pointer_get(const json_t *document, const char *pointer);

/* The string there, or "" when there is none. Borrowed. */
const char *json_pointer_text(const json_t *document, const char *pointer);

/* Puts `value` (its reference is taken) there; NULL removes the member. An index one past the end
 * of an array appends. Dies when the parent isn't there. */
void json_pointer_put(json_t *document, const char *pointer, json_t *value);

/* Any JSON value from text; dies when it isn't JSON. New reference. */
json_t *json_from(const char *text);

/* Compact text; the caller's to free. */
char *json_to(const json_t *value);

#endif
