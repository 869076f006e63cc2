/* The courier: HTTP over libcurl's multi interface. One request on the wire for each one asked for.
 */
#ifndef INVONCE_CLIENT_COURIER_H
#define INVONCE_CLIENT_COURIER_H

#include "protocol/client/reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COURIER_SENTENCE_MAX 300

struct courier;
struct courier_call;

struct courier_options {
    const char *server;  /* "http[s]://host[:port]": the origin the token goes to, and no other */
    const char *token;   /* NULL: none */
    const char *ca_file; /* PEM certificates to trust; NULL: the system's */
    int64_t connect_timeout_ms; /* 0: 3,000 */
    int64_t attempt_timeout_ms; /* 0: 10,000; redirects within the origin included */
    bool insecure;              /* a token over plain http beyond loopback was asked for */
};

/* Checks the options (a server that is no http(s) origin, plain http beyond loopback). NULL with a
 * sentence. Text is copied. Ignores SIGPIPE, for the whole process, unless it is handled.
 * Encrypted requests go through the environment's proxy, if there is one (only https_proxy and
 * all_proxy, and not to no_proxy); plain ones never do, as it would see the token. */
struct courier *courier_new(const struct courier_options *options,
                            char sentence[COURIER_SENTENCE_MAX]);
void courier_free(struct courier *courier); /* calls under way end without their callback */

/* Some bytes of a body, as they came, with the call's context. False ends the call. Called from
 * courier_poll; not to cancel any call from. */
typedef bool courier_hear(void *context, const char *bytes, size_t length);

/* What to send; borrowed until the call is done. */
struct courier_request {
    const char *method; /* NULL: GET, or POST where there is a body */
    const char *path;   /* "/v1/invoices" */
    const char *key;    /* Idempotency-Key, sent quoted; NULL: none */
    const char *body;   /* JSON; NULL: none */
    size_t body_length;
    bool
        may_reuse; /* a POST: over a connection that stands, if there is one; else over a new one */
    courier_hear *hear; /* the body of a 200 goes there and isn't kept, however long it lasts, until
                           there was nothing for 40 s; NULL: the reply has it whole */
};

/* Called once from courier_poll, never from courier_send. `reply` lives until it returns. */
typedef void courier_done(void *context, const struct reply *reply);

/* A POST is never resent by libcurl unseen, as it would where a reused connection turns out dead:
 * that is an attempt without an answer. A 307 or 308 to the
 * same origin is followed, once, as part of the same call; any other redirect is a reply like
 * others. NULL: out of memory. */
struct courier_call *courier_send(struct courier *courier, const struct courier_request *request,
                                  courier_done *done, void *context);
void courier_cancel(struct courier_call *call); /* its callback will not be called */

/* Waits until a call has news, one of the descriptors is readable, a signal came, or `timeout_ms`
 * is over (negative: never); moves the calls on and calls back. It may return early, with nothing
 * done. `readable[i]` says whether fds[i] is (or has hung up). False when libcurl failed. */
bool courier_poll(struct courier *courier, const int *fds, bool *readable, size_t count,
                  int timeout_ms);

/* The origin that requests go to, in one spelling ("http://127.0.0.1:8420"). Borrowed. */
const char *courier_server(const struct courier *courier);

#endif
