/* Small flat request bodies: which text members they have, and what those may hold. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_MEMBERS_H
#define INVONCE_MOCK_SERVER_RESOURCES_MEMBERS_H

#include "protocol/wire/violations.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>

struct text_member {
    const char *name;
    size_t max; /* characters */
    bool required;
    bool is_decimal; /* a number in its place is told so */
};

/* Reads members of `body` into values[], NULL where absent or empty; adds what is wrong, unknown
 * members
 * ("idempotency_key" is passed over) and control characters included. */
void members_read(const struct json *body, const struct text_member *members, size_t count,
                  const char **values, struct violations *violations);

/* The same, passing over what else is there. */
void members_read_known(const struct json *body, const struct text_member *members, size_t count,
                        const char **values, struct violations *violations);

#endif
