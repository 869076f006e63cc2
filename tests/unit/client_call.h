/* One request through a courier, and what came back. */
#ifndef INVONCE_TESTS_UNIT_CLIENT_CALL_H
#define INVONCE_TESTS_UNIT_CLIENT_CALL_H

#include "protocol/client/courier/courier.h"
#include "tests/unit/client_peer.h"

#define CALL_TOKEN "north-ana-0123456789abcdef"
#define CALL_KEY   "019305c2-6f0e-7c4a-9b1d-2f6a51c0e7aa"

struct call_seen {
    bool done;
    enum reply_fate fate;
    int status;
    bool replayed, redirected;
    int64_t retry_after_ms;
    size_t length;
    char error[120];
    char media_type[80];
    char body[200];
};

/* The callback that keeps a reply in a struct call_seen, as much as fits. */
void call_keep(void *context, const struct reply *reply);

/* A courier that no busy machine times out; 0: nor a slow server. */
struct courier *call_courier(const char *server, int64_t attempt_timeout_ms);

/* Sends a POST of `body` with CALL_KEY (NULL: a GET) and waits for its end. */
struct call_seen call_ask(struct courier *courier, const char *body);

/* The same over a connection that stands, if there is one. */
struct call_seen call_ask_again(struct courier *courier, const char *body);

/* One POST to a peer that plays one step, and got exactly one request. */
struct call_seen call_play(const struct peer_step *step, int64_t attempt_timeout_ms);

#endif
