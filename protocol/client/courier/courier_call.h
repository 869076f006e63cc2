/* One request on the wire: a libcurl transfer, from what is asked of it to how it ended. Only for
 * the courier. */
#ifndef INVONCE_CLIENT_COURIER_CALL_H
#define INVONCE_CLIENT_COURIER_CALL_H

#include "protocol/client/courier/courier.h"
#include "protocol/client/courier/courier_reply.h"
#include "protocol/client/origin.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct courier {
    CURLM *multi;
    struct origin origin;
    char *authorization; /* the whole header; NULL: none */
    char *ca_file;
    int64_t connect_timeout_ms;
    int64_t attempt_timeout_ms;
    struct courier_call *calls;
};

struct courier_call {
    struct courier *courier;
    struct courier_call *next, *previous;
    CURL *easy;
    struct curl_slist *headers;
    courier_done *done;
    courier_hear *hear; /* NULL: the body is kept */
    void *context;
    int64_t deadline_ms; /* judged once what came in time is read: move_on */
    unsigned hops;
    bool sent;          /* a connection stood and the request began to leave */
    bool once;          /* a POST: another beginning would be libcurl's own */
    bool begun;         /* on this hop */
    bool headers_ended; /* of the final response */
    bool too_long;
    size_t header_bytes;
    char *body;
    size_t length, capacity;
};

/* NULL: out of memory. It is in none of the courier's lists yet. */
struct courier_call *courier_call_new(struct courier *courier,
                                      const struct courier_request *request, courier_done *done,
                                      void *context);
void courier_call_free(struct courier_call *call);

/* True when it goes on, to where the server sent it within its own origin. */
bool courier_call_follow(struct courier_call *call);

/* What it came to; borrows from the call and from `media_type`. */
struct reply courier_call_reply(struct courier_call *call, CURLcode result,
                                char media_type[COURIER_MEDIA_TYPE_SIZE]);

#endif
