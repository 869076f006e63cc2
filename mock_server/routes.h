/* What the server answers to. A POST without the rule that keeps it from creating twice can't be
 * written down. */
#ifndef INVONCE_MOCK_SERVER_ROUTES_H
#define INVONCE_MOCK_SERVER_ROUTES_H

#include "mock_server/http/route.h"

/* Each resource's three, from its row, and the rest. NULL: out of memory. They last. */
const struct route *routes_make(size_t *count);

#endif
