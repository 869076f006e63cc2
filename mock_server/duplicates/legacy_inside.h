/* The parts of reading a record of another system. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_LEGACY_INSIDE_H
#define INVONCE_MOCK_SERVER_DUPLICATES_LEGACY_INSIDE_H

#include "mock_server/duplicates/legacy.h"

/* What our side derives, taken out of a record where it is given; all NULL: it isn't. */
struct derived {
    struct json *fields[RESOURCE_FIELDS_MAX];
    struct json *rows[RESOURCE_ROWS_MAX]; /* of the one derived column */
};
void derived_take(struct derived *derived, const struct resource *resource, struct json *record);
void derived_clear(struct derived *derived);

/* True when it is what the values come to; else the reason is appended. */
bool derived_agrees(const struct derived *derived, const struct resource *resource,
                    const struct values *values, struct buffer *reason);

/* Its payments, from the list; false: refused, or out of memory. */
bool legacy_read_payments(struct legacy *legacy, struct json *list, struct buffer *reason);

#endif
