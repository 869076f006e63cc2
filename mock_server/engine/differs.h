/* Where two requests under one key differ: pointers to the members, never their values. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_DIFFERS_H
#define INVONCE_MOCK_SERVER_ENGINE_DIFFERS_H

#include "protocol/wire/json.h"

#define DIFFERS_MAX 100 /* pointers that are told */

/* An array of RFC 6901 pointers; the top-level "idempotency_key" doesn't count. New reference;
 * NULL: `first` can't be read, or out of memory. */
struct json *differs_between(const char *first, struct json *second);

#endif
