/* A customer as the API shows it. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_CUSTOMER_JSON_H
#define INVONCE_MOCK_SERVER_RESOURCES_CUSTOMER_JSON_H

#include "mock_server/store/store.h"

#include "protocol/wire/json.h"

/* New reference; NULL: out of memory. */
struct json *customer_to_json(const struct store_customer *customer);

#endif
