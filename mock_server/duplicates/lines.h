/* The rows of records: whether two have the same ones, which of them one lacks, and what comes of
 * taking those over. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_LINES_H
#define INVONCE_MOCK_SERVER_DUPLICATES_LINES_H

#include "protocol/wire/resource.h"

/* Those of the second that the first lacks, one for one (an array, copied); as many as it has
 * beyond the second are counted. NULL: out of memory. Where the resource has no rows there are
 * none. */
struct json *lines_missing(const struct resource *resource, const struct json *first,
                           const struct json *second, size_t *beyond);

enum lines_end { LINES_OK, LINES_TOO_MANY, LINES_TOO_LARGE, LINES_FAILED };

/* Puts these rows (borrowed) in the place of a record's own, with what is derived of them. The
 * record is replaced; where it can't be done it stays as it was. */
enum lines_end lines_put(const struct resource *resource, struct json **record,
                         const struct json *rows);

/* The member of the last field that is derived: what all of it comes to; "": there is none. */
const char *lines_total(const struct resource *resource, const struct json *record);

#endif
