/* An attempt to create: its checks in order, its faults, its way through the writer, and its entry
 * in the audit. */
#ifndef INVONCE_MOCK_SERVER_ATTEMPTS_ATTEMPT_H
#define INVONCE_MOCK_SERVER_ATTEMPTS_ATTEMPT_H

#include "mock_server/http/exchange.h"

/* All of a request to a creating route is in. Sets the reply (and plan of faults), or suspends the
 * exchange until there is one. */
void attempt_begin(struct exchange *exchange);

#endif
