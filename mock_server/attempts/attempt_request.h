/* What a request to create says: its body, its key, its fingerprint; or why it can't be read. */
#ifndef INVONCE_MOCK_SERVER_ATTEMPTS_ATTEMPT_REQUEST_H
#define INVONCE_MOCK_SERVER_ATTEMPTS_ATTEMPT_REQUEST_H

#include "mock_server/http/exchange.h"
#include "protocol/wire/fingerprint.h"
#include "protocol/wire/idempotency_key.h"

#include "protocol/wire/json.h"
#include <stdbool.h>

#define ENDPOINT_SIZE (sizeof "POST /v1/webhooks/" + NAMES_LENGTH_MAX)

struct attempt_request {
    char id[EXCHANGE_ID_SIZE];
    char endpoint[ENDPOINT_SIZE]; /* "POST /v1/invoices" */
    unsigned metric;
    struct json *body; /* NULL: it couldn't be read */
    char *canonical;   /* JSON, owned */
    char fingerprint[FINGERPRINT_TEXT_SIZE];
    char key[IDEMPOTENCY_KEY_SIZE]; /* "": none */
    bool claims_key;                /* the route's rule is the key, and keys are on */
    char *arrival_key;              /* what arrivals are told apart by; owned; NULL: not asked */
};

/* What can be said before the body is read: all but body and key. */
void attempt_request_begin(struct attempt_request *request, const struct exchange *exchange);

/* True when it is JSON by its headers and has its key there: that is filled in. */
bool attempt_request_key_ahead(struct attempt_request *request, struct exchange *exchange);

/* Reads it, in the order of the checks. False with the refusal in `reply`: what could be read is
 * there all the same. To be cleared either way. */
bool attempt_request_read(struct attempt_request *request, struct exchange *exchange,
                          bool too_large, struct reply *reply);

void attempt_request_clear(struct attempt_request *request);

#endif
