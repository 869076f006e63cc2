/* What the route table points at: a handler for each read, a creator for each create. A handler
 * runs on an HTTP thread and fills reading->reply. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_RESOURCES_H
#define INVONCE_MOCK_SERVER_RESOURCES_RESOURCES_H

#include "mock_server/attempts/reading.h"
#include "mock_server/engine/create_once.h"
#include "mock_server/engine/kept.h"

/* Of any resource, by its row, and by how its records are kept. */
struct creator resource_creator(const struct resource *resource);

extern kept_at resources_kept_at;

extern const struct creator customer_creator;
extern const struct creator payment_creator;

/* Of reading->resource. */
void records_list(struct reading *reading);
void records_get(struct reading *reading);

void customers_list(struct reading *reading);
void intents_get(struct reading *reading);

#endif
