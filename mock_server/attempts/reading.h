/* A request to read, as the resource that is read sees it. */
#ifndef INVONCE_MOCK_SERVER_ATTEMPTS_READING_H
#define INVONCE_MOCK_SERVER_ATTEMPTS_READING_H

#include "mock_server/engine/reply.h"

#include <stdbool.h>
#include <stdint.h>

struct exchange;
struct resource;

struct reading {
    struct exchange *exchange;
    const struct resource *resource; /* what is read; NULL: the handler knows */
    const char *tenant;              /* of the caller */
    const char *parameter;           /* the path's variable segment, decoded; NULL: none */
    struct reply *reply;             /* to be filled */
};

/* The handler of a route that has a reader. */
void reading_begin(struct exchange *exchange);

/* False, with the reply set, when the query has a parameter that isn't among `names` (ends with
 * NULL), one twice, or can't be read. */
bool reading_check_query(struct reading *reading, const char *const *names);

/* A query parameter that is a whole number; it is left as it is where that is absent. False, with
 * the reply set, when it is none from `min` to `max`. */
bool reading_number(struct reading *reading, const char *name, int64_t min, int64_t max,
                    int64_t *number);

/* A query parameter, decoded; NULL when absent or empty. */
const char *reading_parameter(const struct reading *reading, const char *name);

#endif
