/* Server-sent events: those who follow what grows, a tenant each, are woken as it does. */
#ifndef INVONCE_MOCK_SERVER_HTTP_STREAMS_H
#define INVONCE_MOCK_SERVER_HTTP_STREAMS_H

#include "mock_server/http/exchange.h"

#include <stdint.h>

#define STREAMS_MAX 64 /* followers at once */

/* Appends the events of what a tenant has after `*after`, which moves on; false: it can't be read.
 * Called on an HTTP thread. */
typedef bool streams_read(const char *tenant, int64_t *after, struct buffer *out);

/* What the exchange's tenant has after `after`: an open-ended response, NULL when too many follow.
 */
struct MHD_Response *streams_open(struct exchange *exchange, int64_t after, streams_read *read);

/* The tenant has more. Where another process has written it, that is seen within a
 * quarter of a second. */
void streams_wake(const char *tenant);

#endif
