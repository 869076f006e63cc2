/* Writes down what a server answered to a test, to be held against openapi.yaml afterwards. */
#ifndef INVONCE_TESTS_SUPPORT_EXCHANGES_H
#define INVONCE_TESTS_SUPPORT_EXCHANGES_H

#include "protocol/wire/json.h"
#include <stddef.h>

/* One request and its whole reply, all of it borrowed. */
struct exchange_note {
    const char *method;
    const char *target; /* path and query, as sent */
    const char *key;    /* the Idempotency-Key header's value; NULL: none, or several */
    const char *sent;   /* the request's body */
    size_t sent_length;
    int status;
    const struct json *headers; /* lower-case names */
    const char *body;
    size_t length;
};

/* Appends a line of JSON to a file of this process in the directory that the environment variable
 * INVONCE_EXCHANGES names; does nothing where there is none. Thread-safe. */
void exchanges_note(const struct exchange_note *note);

#endif
