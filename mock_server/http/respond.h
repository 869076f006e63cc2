/* Sends a reply, or what a fault makes of it. */
#ifndef INVONCE_MOCK_SERVER_HTTP_RESPOND_H
#define INVONCE_MOCK_SERVER_HTTP_RESPOND_H

#include "mock_server/http/exchange.h"

/* Queues exchange->reply (or its stream) with libmicrohttpd, on an HTTP thread. MHD_NO closes the
 * connection; it may also suspend the exchange, to be called again. */
enum MHD_Result respond(struct exchange *exchange);

/* From now on every reply is the last of its connection. */
void respond_close_connections(void);

#endif
