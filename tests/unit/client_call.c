#include "tests/unit/client_call.h"

#include "protocol/wire/clock.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) support_die("%s:%d: %s", __FILE__, __LINE__, #condition);                \
    } while (0)

void call_keep(void *context, const struct reply *reply)
{
    struct call_seen *seen = context;
    must(!seen->done); /* once */
    seen->done = true;
    seen->fate = reply->fate;
    seen->status = reply->status;
    seen->replayed = reply->replayed;
    seen->redirected = reply->redirected;
    seen->retry_after_ms = reply->retry_after_ms;
    seen->length = reply->length;
    snprintf(seen->error, sizeof seen->error, "%s", reply->error != NULL ? reply->error : "");
    snprintf(seen->media_type, sizeof seen->media_type, "%s", reply->media_type);
    snprintf(seen->body, sizeof seen->body, "%s", reply->body);
    must(reply->body[reply->length] == '\0');
    must((reply->error == NULL) == (reply->fate == REPLY_WHOLE));
}

struct courier *call_courier(const char *server, int64_t attempt_timeout_ms)
{
    char sentence[COURIER_SENTENCE_MAX] = "";
    struct courier_options options = {
        .server = server,
        .token = CALL_TOKEN,
        .connect_timeout_ms = PATIENCE_MS,
        .attempt_timeout_ms = attempt_timeout_ms > 0 ? attempt_timeout_ms : PATIENCE_MS};
    struct courier *courier = courier_new(&options, sentence);
    if (courier == NULL) support_die("%s", sentence);
    return courier;
}

static void wait_done(struct courier *courier, const struct call_seen *seen)
{
    int64_t give_up_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (!seen->done && clock_monotonic_ms() < give_up_ms)
        must(courier_poll(courier, NULL, NULL, 0, 1000));
    must(seen->done);
}

static struct call_seen ask(struct courier *courier, const char *body, bool may_reuse)
{
    struct courier_request request = {.path = "/v1/invoices",
                                      .key = body != NULL ? CALL_KEY : NULL,
                                      .body = body,
                                      .body_length = body != NULL ? strlen(body) : 0,
                                      .may_reuse = may_reuse};
    struct call_seen seen = {0};
    must(courier_send(courier, &request, call_keep, &seen) != NULL);
    must(!seen.done);
    wait_done(courier, &seen);
    return seen;
}

struct call_seen call_ask(struct courier *courier, const char *body)
{
    return ask(courier, body, false);
}

struct call_seen call_ask_again(struct courier *courier, const char *body)
{
    return ask(courier, body, true);
}

struct call_seen call_play(const struct peer_step *step, int64_t attempt_timeout_ms)
{
    struct peer *peer = peer_start(step, 1);
    struct courier *courier = call_courier(peer_url(peer), attempt_timeout_ms);
    struct call_seen seen = call_ask(courier, "{\"a\":1}");
    must(peer_requests(peer) == 1);
    must(peer_connections(peer) == 1);
    courier_free(courier);
    peer_stop(peer);
    return seen;
}
