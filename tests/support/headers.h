/* The header lines of a reply, as an object that is easy to ask. */
#ifndef INVONCE_TESTS_SUPPORT_HEADERS_H
#define INVONCE_TESTS_SUPPORT_HEADERS_H

#include "protocol/wire/json.h"
#include <stddef.h>

/* Adds "Name: value" (its end of line doesn't count) under the lower-case name; a name that is
 * there already has the values joined by ", ". What is no header line is passed over. */
void headers_add(struct json *headers, const char *line, size_t length);

/* The value of a lower-case name, "" when absent. Borrowed. */
const char *headers_get(const struct json *headers, const char *name);

#endif
