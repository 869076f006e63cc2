/* One post of one event, and what came of it. Only post.c and the loop that drives the posts know
 * of libcurl. */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_POST_H
#define INVONCE_MOCK_SERVER_DELIVERIES_POST_H

#include "mock_server/deliveries/receiver.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict {
    VERDICT_DELIVERED, /* it answered 2xx */
    VERDICT_REFUSED,   /* it answered that this one is wrong */
    VERDICT_FAILED,    /* it answered that it can't now, or not in time, or not to the end */
    VERDICT_UNREACHED, /* nothing was sent: no connection came about */
};

#define TROUBLE_SIZE 160
struct result {
    enum verdict verdict;
    int64_t asked_ms;           /* by Retry-After; 0: not */
    char trouble[TROUBLE_SIZE]; /* a sentence; "" when delivered */
};

struct post_request {
    const char *event_id;
    char *body; /* is the post's from now on */
    size_t length;
    int64_t timeout_ms;
    void *owner; /* what post_owner gives back */
};

/* Begins it. NULL: out of memory, and the body is gone. */
struct post *post_begin(CURLM *multi, const struct receiver *receiver,
                        const struct post_request *request);

/* Of a transfer that curl_multi_info_read names. */
struct post *post_of(CURL *easy);
void *post_owner(const struct post *post);

struct result post_result(const struct post *post, CURLcode code);

/* Cuts it off, if it is under way. */
void post_end(struct post *post, CURLM *multi);

#endif
