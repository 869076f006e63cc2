/* What a record says once another one stands for it. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_MERGED_H
#define INVONCE_MOCK_SERVER_ENGINE_MERGED_H

#include "protocol/wire/json.h"
#include "protocol/wire/resource.h"

#include <stdint.h>

/* Takes a record, and gives it back with "status":"merged" and the id of the one that it is merged
 * into behind that; at its end, where it had no status. NULL: out of memory. */
struct json *merged_mark(struct json *record, const char *into);

/* Where that one is: "/v1/invoices/inv_1001". The caller frees it; NULL: out of memory. */
char *merged_path(const struct resource *resource, int64_t into);

#endif
