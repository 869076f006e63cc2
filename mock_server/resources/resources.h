/* What the route table points at: a handler for each read, a creator for each create. A handler
 * runs on an HTTP thread and sets exchange->reply, or suspends the exchange. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_RESOURCES_H
#define INVONCE_MOCK_SERVER_RESOURCES_RESOURCES_H

#include "mock_server/engine/create_once.h"
#include "mock_server/http/exchange.h"

extern const struct creator invoice_creator;
extern const struct creator customer_creator;
extern const struct creator payment_creator;

void invoices_list(struct exchange *exchange);
void invoices_get(struct exchange *exchange);
void customers_list(struct exchange *exchange);
void customers_get(struct exchange *exchange);
void intents_get(struct exchange *exchange);

#endif
