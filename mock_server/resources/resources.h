/* What the route table points at: a handler for each read, a creator for each create. A handler
 * runs on an HTTP thread and fills reading->reply. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_RESOURCES_H
#define INVONCE_MOCK_SERVER_RESOURCES_RESOURCES_H

#include "mock_server/attempts/reading.h"
#include "mock_server/engine/create_once.h"

extern const struct creator invoice_creator;
extern const struct creator customer_creator;
extern const struct creator payment_creator;

void invoices_list(struct reading *reading);
void invoices_get(struct reading *reading);
void customers_list(struct reading *reading);
void customers_get(struct reading *reading);
void intents_get(struct reading *reading);

#endif
