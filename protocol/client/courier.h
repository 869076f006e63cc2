/* The courier: HTTP over libcurl's multi interface. One request on the wire for each one asked for.
 */
#ifndef INVONCE_CLIENT_COURIER_H
#define INVONCE_CLIENT_COURIER_H

#include "protocol/client/reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COURIER_SENTENCE_MAX 200

struct courier;
struct courier_call;

struct courier_options {
    const char *server; /* "http[s]://host[:port]": the origin the token goes to, and no other */
    const char *token;
    int64_t connect_timeout_ms; /* 3,000 */
    int64_t attempt_timeout_ms; /* 10,000 */
    bool insecure;              /* a token over plain http beyond loopback was asked for */
};

/* Checks the options (a server that is no http(s) origin, plain http beyond loopback). NULL with a
 * sentence. Text is copied. */
struct courier *courier_new(const struct courier_options *options,
                            char sentence[COURIER_SENTENCE_MAX]);
void courier_free(struct courier *courier); /* calls under way end without their callback */

/* What to send; borrowed until the call is done. */
struct courier_request {
    const char *path; /* "/v1/invoices" */
    const char *key;  /* Idempotency-Key, sent quoted; NULL: none */
    const char *body; /* NULL: a GET; else a POST of JSON */
    size_t body_length;
};

/* Called once from courier_poll, never from courier_send. `reply` lives until it returns. */
typedef void courier_done(void *context, const struct reply *reply);

/* A POST goes over a connection of its own, never resent by libcurl unseen. NULL: out of memory. */
struct courier_call *courier_send(struct courier *courier, const struct courier_request *request,
                                  courier_done *done, void *context);
void courier_cancel(struct courier_call *call); /* its callback will not be called */

/* Waits until a call has news, one of the descriptors is readable, or `timeout_ms` is over; moves
 * the calls on and calls back. `readable[i]` says whether fds[i] is. False when libcurl failed. */
bool courier_poll(struct courier *courier, const int *fds, bool *readable, size_t count,
                  int timeout_ms);

#endif
