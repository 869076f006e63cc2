/* Wakes those who follow a tenant's audit as it grows. */
#ifndef INVONCE_MOCK_SERVER_HTTP_STREAMS_H
#define INVONCE_MOCK_SERVER_HTTP_STREAMS_H

#include "mock_server/http/exchange.h"

#include <stdint.h>

#define STREAMS_MAX 64 /* followers at once */

/* The audit of the exchange's tenant from the entry after `after`, as server-sent events: an
 * open-ended response, NULL when too many follow. */
struct MHD_Response *streams_open(struct exchange *exchange, int64_t after);

/* The tenant's audit has grown. Where another process has made it grow, that is seen within a
 * quarter of a second. */
void streams_wake(const char *tenant);

#endif
