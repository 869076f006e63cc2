/* What an audit entry shows of a request: the values of its resource's unique rules, as sent. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_AUDIT_VALUES_H
#define INVONCE_MOCK_SERVER_ENGINE_AUDIT_VALUES_H

#include "mock_server/engine/create_once.h"

/* Of a body that may be refused, too: as far as they are what they should be. Texts are borrowed
 * from the body and the path's parameter. */
void audit_values_read(const struct creator *creator, const struct json *body,
                       const char *parameter, struct store_value values[STORE_VALUES_MAX]);

#endif
