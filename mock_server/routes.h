/* What the server answers to: one table. A POST without the rule that keeps it from creating twice
 * can't be written down. */
#ifndef INVONCE_MOCK_SERVER_ROUTES_H
#define INVONCE_MOCK_SERVER_ROUTES_H

#include "mock_server/http/route.h"

extern const struct route ROUTES[];
extern const size_t ROUTE_COUNT;

#endif
