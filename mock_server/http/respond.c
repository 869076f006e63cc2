#include "mock_server/http/respond.h"

#include "mock_server/base/log.h"
#include "mock_server/http/metrics.h"
#include "protocol/wire/clock.h"

#include <assert.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define HANG_LOOK_MS 1000 /* how often a hung connection is looked at: has the client gone? */
#define DRIP_STEP_MS 20   /* the shortest pause between two drops */

#define LINK_SIZE 128 /* of a path and an id */

static atomic_bool closing;

void respond_close_connections(void)
{
    atomic_store(&closing, true);
}

static int socket_of(struct exchange *exchange)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

static void add_headers(const struct exchange *exchange, struct MHD_Response *response)
{
    const struct reply *reply = &exchange->reply;
    const char *type = reply->content_type ? reply->content_type : MEDIA_JSON;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    MHD_add_response_header(response, "X-Request-Id", exchange->id);
    if (reply->location) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, reply->location);
    }
    if (reply->canonical) {
        char link[LINK_SIZE];
        snprintf(link, sizeof link, "<%s>; rel=\"canonical\"", reply->canonical);
        MHD_add_response_header(response, MHD_HTTP_HEADER_LINK, link);
    }
    if (reply->allow) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, reply->allow);
    }
    if (reply->accept_encoding) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_ACCEPT_ENCODING, reply->accept_encoding);
    }
    if (reply->replayed) {
        MHD_add_response_header(response, "Idempotent-Replayed", "true");
    }
    if (reply->retry_after_s > 0) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%d", reply->retry_after_s);
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    }
    if (reply->status == 401) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    }
}

static enum MHD_Result queue(struct exchange *exchange, struct MHD_Response *response)
{
    assert(exchange->reply.status != 0);
    if (!response) {
        return MHD_NO;
    }
    if (exchange->is_last || atomic_load_explicit(&closing, memory_order_relaxed)) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    }
    metrics_reply(exchange->reply.status);
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)exchange->reply.status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result send_as_is(struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(reply->length, reply->body, MHD_RESPMEM_MUST_FREE);
    if (!response) {
        return MHD_NO;
    }
    reply->body = NULL; /* the response's now */
    add_headers(exchange, response);
    return queue(exchange, response);
}

/* Before libmicrohttpd shuts the socket down, which would send a FIN first. Disconnecting a TCP
 * socket (connect to AF_UNSPEC) sends a RST at once. */
static void reset(struct exchange *exchange)
{
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    if (connect(socket_of(exchange), &nobody, sizeof nobody) != 0) {
        log_event("error", "a connection could not be reset", "request_id", exchange->id);
    }
}

static ssize_t read_half(void *context, uint64_t position, char *out, size_t room)
{
    const struct exchange *exchange = context;
    size_t half = exchange->reply.length / 2;
    if (position >= half) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t count = half - (size_t)position < room ? half - (size_t)position : room;
    memcpy(out, exchange->reply.body + position, count);
    return (ssize_t)count;
}

static void drip_again(struct timer *timer, enum timer_reason reason)
{
    struct exchange *exchange =
        (struct exchange *)(void *)((char *)timer - offsetof(struct exchange, timer));
    exchange->cut = reason == TIMER_STOPPED;
    exchange_resume_body(exchange);
}

static ssize_t read_dripping(void *context, uint64_t position, char *out, size_t room)
{
    struct exchange *exchange = context;
    int64_t now = clock_monotonic_ms();
    if (exchange->drip_since_ms == 0) {
        exchange->drip_since_ms = now;
    }
    int64_t rate = exchange->faults.response_value;
    uint64_t due = (uint64_t)((now - exchange->drip_since_ms) * rate / 1000) + 1;
    if (exchange->cut) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    if (due > position) {
        size_t left = exchange->reply.length - (size_t)position;
        size_t count = due - position < left ? (size_t)(due - position) : left;
        count = count < room ? count : room;
        memcpy(out, exchange->reply.body + position, count);
        return (ssize_t)count;
    }
    int64_t pause = 1000 / rate > DRIP_STEP_MS ? 1000 / rate : DRIP_STEP_MS;
    exchange->timer.fire = drip_again;
    exchange_pause_body(exchange);
    if (!timers_arm(&exchange->timer, pause, TIMER_FINISHES)) {
        exchange->cut = true;
        exchange_resume_body(exchange);
    }
    return 0;
}

static enum MHD_Result send_by_reader(struct exchange *exchange, MHD_ContentReaderCallback reader)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(exchange->reply.length, 4096, reader, exchange, NULL);
    if (response) {
        add_headers(exchange, response);
    }
    return queue(exchange, response);
}

static enum MHD_Result send_garbled(struct exchange *exchange)
{
    static const char PAGE[] = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head>"
                               "<body><h1>Sign in to use this network</h1></body></html>\n";
    char *page = strdup(PAGE);
    reply_take(&exchange->reply, 200, "text/html", page, page ? sizeof PAGE - 1 : 0);
    return send_as_is(exchange);
}

static enum MHD_Result send_other_status(struct exchange *exchange)
{
    reply_clear(&exchange->reply);
    reply_problem_json(&exchange->reply, problem_of_status(exchange->faults.response_value,
                                                           "A fault that was asked for."));
    return send_as_is(exchange);
}

static bool client_has_gone(struct exchange *exchange)
{
    char byte = 0;
    ssize_t count = recv(socket_of(exchange), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

static void end_hanging(struct exchange *exchange)
{
    exchange->cut = true;
}

static void hang_on(struct timer *timer, enum timer_reason reason)
{
    struct exchange *exchange =
        (struct exchange *)(void *)((char *)timer - offsetof(struct exchange, timer));
    if (reason == TIMER_STOPPED || client_has_gone(exchange) ||
        !timers_arm(timer, HANG_LOOK_MS, TIMER_HANGS)) {
        exchange_resume(exchange);
    }
}

static enum MHD_Result hang(struct exchange *exchange)
{
    exchange->timer.fire = hang_on;
    exchange_suspend(exchange, end_hanging);
    if (!timers_arm(&exchange->timer, HANG_LOOK_MS, TIMER_HANGS)) {
        exchange_resume(exchange);
    }
    return MHD_YES;
}

enum MHD_Result respond(struct exchange *exchange)
{
    if (exchange->cut) {
        return MHD_NO;
    }
    if (exchange->stream) {
        return queue(exchange, exchange->stream);
    }
    switch (exchange->faults.response) {
    case RESPONSE_AS_IS:
        return send_as_is(exchange);
    case RESPONSE_DROP:
        return MHD_NO;
    case RESPONSE_RESET:
        reset(exchange);
        return MHD_NO;
    case RESPONSE_TRUNCATE:
        return send_by_reader(exchange, read_half);
    case RESPONSE_GARBLE:
        return send_garbled(exchange);
    case RESPONSE_STATUS:
        return send_other_status(exchange);
    case RESPONSE_HANG:
        return hang(exchange);
    case RESPONSE_DRIP:
        return send_by_reader(exchange, read_dripping);
    }
    return MHD_NO;
}
