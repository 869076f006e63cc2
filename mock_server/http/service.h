/* What the server says of itself. */
#ifndef INVONCE_MOCK_SERVER_HTTP_SERVICE_H
#define INVONCE_MOCK_SERVER_HTTP_SERVICE_H

#include "mock_server/http/exchange.h"

void whoami_get(struct exchange *exchange);
void healthz_get(struct exchange *exchange);
void readyz_get(struct exchange *exchange);
void metrics_get(struct exchange *exchange);
void openapi_get(struct exchange *exchange);

#endif
