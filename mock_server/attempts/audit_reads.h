/* GET /v1/audit, a page of it, and /v1/audit/stream, which follows it. */
#ifndef INVONCE_MOCK_SERVER_ATTEMPTS_AUDIT_READS_H
#define INVONCE_MOCK_SERVER_ATTEMPTS_AUDIT_READS_H

#include "mock_server/http/exchange.h"

void audit_list(struct exchange *exchange);
void audit_stream(struct exchange *exchange);

#endif
