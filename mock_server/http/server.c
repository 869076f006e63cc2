#include "mock_server/http/server.h"

#include "mock_server/base/acceptor.h"
#include "mock_server/base/log.h"
#include "mock_server/base/settings.h"
#include "mock_server/http/connections.h"
#include "mock_server/http/exchange.h"
#include "mock_server/http/respond.h"
#include "mock_server/http/route.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"

#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

/* Of a body that is refused for its size this much is read and thrown away, so that the client gets
 * to read the refusal; a longer one is cut off. */
#define DRAIN_MAX (8 * 1024 * 1024)

#define CONNECTION_MEMORY (16 * 1024) /* libmicrohttpd's, for the request line and the headers */
#define TLS_VERSIONS      "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1" /* RFC 8996 deprecates those two */

#define THREADS_MIN 2
#define THREADS_MAX 16

static struct {
    struct MHD_Daemon *daemon;
    atomic_bool cutting;
    atomic_size_t in_flight; /* requests that are in and not answered */
    atomic_size_t deciding;  /* of them, those that may yet be suspended or queued */
    atomic_uint_fast64_t next_id;
    uint32_t boot_id;
} server;

/* --- a request comes in --- */

static void make_id(struct exchange *exchange)
{
    uint64_t number = atomic_fetch_add_explicit(&server.next_id, 1, memory_order_relaxed);
    snprintf(exchange->id, sizeof exchange->id, "%08x-%llx", (unsigned)server.boot_id,
             (unsigned long long)number & 0xffffffffffffu);
}

/* libmicrohttpd shows the URI as it came only here; what is returned becomes *context. */
static void *request_line(void *unused, const char *uri, struct MHD_Connection *connection)
{
    (void)unused;
    struct exchange *exchange = calloc(1, sizeof(struct exchange));
    if (!exchange || !(exchange->uri = strdup(uri))) {
        free(exchange);
        return NULL;
    }
    exchange->connection = connection;
    make_id(exchange);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    exchange->peer = info ? info->socket_context : NULL;
    if (exchange->peer) {
        connections_request_begins(exchange->peer);
    }
    return exchange;
}

static void log_unauthorized(const struct exchange *exchange, const char *method)
{
    struct log_line line;
    log_begin(&line, "warn", "unauthorized");
    log_text(&line, "request_id", exchange->id);
    log_text(&line, "method", method);
    log_text(&line, "path", exchange->path);
    log_end(&line);
}

static bool find_route(struct exchange *exchange, const char *method)
{
    const char *allow = NULL;
    enum route_match match = route_find(exchange, method, &allow);
    if (match == ROUTE_NO_MEMORY) {
        reply_problem(&exchange->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
    } else if (match == ROUTE_NOT_FOUND) {
        reply_problem(&exchange->reply, PROBLEM_NOT_FOUND, "There is nothing at this path.");
    } else if (match == ROUTE_OTHER_METHOD) {
        reply_problem(&exchange->reply, PROBLEM_METHOD_NOT_ALLOWED, "Here there is only %s.",
                      allow);
        exchange->reply.allow = allow;
    }
    return match == ROUTE_FOUND;
}

/* The checks that need no body: URI, route, method, token. The refusal is the reply. */
static void check_head(struct exchange *exchange, const char *method)
{
    if (strlen(exchange->path) + (exchange->query ? strlen(exchange->query) : 0) > SERVER_URI_MAX) {
        reply_problem_json(&exchange->reply, problem_of_status(414, "The URI is too long."));
        return;
    }
    if (!find_route(exchange, method) || exchange->route->access == ACCESS_OPEN) {
        return;
    }
    exchange->who = auth_check(settings.auth, exchange_header(exchange, "Authorization"));
    if (!exchange->who && errno == ENOMEM) {
        reply_problem(&exchange->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
    } else if (!exchange->who) {
        log_unauthorized(exchange, method);
        reply_problem(&exchange->reply, PROBLEM_UNAUTHORIZED,
                      "Send a token this server knows, as Authorization: Bearer TOKEN.");
    }
}

static bool is_refused(const struct exchange *exchange)
{
    return exchange->reply.status != 0;
}

/* The length that the client announced; 0: none. */
static unsigned long long announced_length(struct exchange *exchange)
{
    const char *length = exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return length ? strtoull(length, NULL, 10) : 0;
}

static void too_large(struct exchange *exchange)
{
    if (!is_refused(exchange) && exchange->route->rule == RULE_NONE) {
        reply_problem(&exchange->reply, PROBLEM_PAYLOAD_TOO_LARGE,
                      "A body may have %d bytes at most.", JSON_BODY_MAX);
    }
    buffer_clear(&exchange->body);
}

static enum MHD_Result all_is_in(struct exchange *exchange);

/* All headers are there. A client that asks before it sends its body is answered here when the
 * answer is no; so is one whose body would be cut off anyway, or ends nobody knows where. */
static enum MHD_Result begin(struct exchange *exchange, const char *method, const char *target,
                             const char *version)
{
    if (!exchange_take_head(exchange, method, target, version)) {
        return all_is_in(exchange);
    }
    check_head(exchange, method);
    unsigned long long length = announced_length(exchange);
    const char *expect = exchange_header(exchange, MHD_HTTP_HEADER_EXPECT);
    bool asks_first = expect && strcasecmp(expect, "100-continue") == 0;
    if (length > JSON_BODY_MAX && (asks_first || length > DRAIN_MAX)) {
        exchange->body_arrived = JSON_BODY_MAX + 1;
        return all_is_in(exchange);
    }
    return is_refused(exchange) && asks_first ? all_is_in(exchange) : MHD_YES;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *bytes, size_t length)
{
    exchange->body_arrived += length;
    if (exchange->body_arrived > DRAIN_MAX) {
        return MHD_NO;
    }
    if (exchange_is_too_large(exchange)) {
        too_large(exchange);
    } else if (!is_refused(exchange)) {
        buffer_append(&exchange->body, bytes, length);
    }
    return MHD_YES;
}

/* --- the way to its route --- */

static enum MHD_Result go_on(struct exchange *exchange)
{
    return exchange_is_suspended(exchange) ? MHD_YES : respond(exchange);
}

static void delayed(struct timer *timer, enum timer_reason reason)
{
    struct exchange *exchange =
        (struct exchange *)(void *)((char *)timer - offsetof(struct exchange, timer));
    exchange->cut = reason == TIMER_STOPPED;
    exchange_resume(exchange);
}

static void take_route(struct exchange *exchange)
{
    exchange->route->handle(exchange);
}

/* Faults that name a path that creates nothing: there is no commit, so before and after it are one.
 */
static void handle_faulty_read(struct exchange *exchange)
{
    struct fault_request request = {
        .tenant = exchange->who ? exchange->who->tenant : "",
        .path = exchange->path,
        .shadowed = route_creates_at(exchange->path),
    };
    exchange->faults = faults_consult(&request);
    const struct fault_plan *faults = &exchange->faults;
    if (faults->crash_before || faults->crash_after) {
        kill(getpid(), SIGKILL);
    }
    exchange->cut = faults->drop_before;
    if (faults->status_before) {
        reply_problem_json(&exchange->reply,
                           problem_of_status(faults->status_before, "A fault that was asked for."));
        exchange->reply.retry_after_s = faults->retry_after_s;
    }
    int64_t delay = faults->delay_before_ms + faults->delay_after_ms;
    if (exchange->cut || faults->status_before) {
        return;
    }
    if (delay == 0) {
        take_route(exchange);
        return;
    }
    exchange->timer.fire = delayed;
    exchange_suspend(exchange, take_route);
    if (!timers_arm_delay(&exchange->timer, delay, faults->rules)) {
        exchange->cut = true;
        exchange_resume(exchange);
    }
}

static void dispatch(struct exchange *exchange)
{
    bool reads = exchange->route->rule == RULE_NONE && !exchange->route->faults_api;
    if (reads && faults_are_on()) {
        handle_faulty_read(exchange);
    } else {
        take_route(exchange);
    }
}

static enum MHD_Result decide(struct exchange *exchange)
{
    if (exchange->peer && !connections_request_is_in(exchange->peer)) {
        return MHD_NO;
    }
    if (atomic_load(&server.cutting)) {
        return MHD_NO;
    }
    if (exchange_is_too_large(exchange)) {
        too_large(exchange);
    }
    if (exchange->body.failed) {
        reply_problem(&exchange->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
    }
    if (!is_refused(exchange)) {
        dispatch(exchange);
    }
    return go_on(exchange);
}

static enum MHD_Result all_is_in(struct exchange *exchange)
{
    exchange->is_in = true;
    atomic_fetch_add(&server.in_flight, 1);
    atomic_fetch_add(&server.deciding, 1);
    enum MHD_Result result = decide(exchange);
    atomic_fetch_sub(&server.deciding, 1);
    return result;
}

static enum MHD_Result resumed(struct exchange *exchange)
{
    void (*then)(struct exchange *) = exchange->then;
    assert(then); /* all of it was in: nothing else comes here */
    exchange->then = NULL;
    if (!exchange->cut) {
        then(exchange);
    }
    return go_on(exchange);
}

/* Where the answer may have to wait, libmicrohttpd is let go once before: it then expects no more
 * from the client. Suspended while it still did, it would read on when resumed, and where the
 * client has shut its side down by then, take that for its having gone, and lose the answer. */
static bool let_go_first(struct exchange *exchange)
{
    bool may_wait =
        !is_refused(exchange) && (exchange->route->rule != RULE_NONE || faults_are_on());
    bool first = may_wait && !exchange->let_go;
    exchange->let_go = true;
    return first;
}

/* Called with the headers, with each piece of the body, when all is in, and when resumed. */
static enum MHD_Result handle(void *unused, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **context)
{
    (void)unused;
    (void)connection;
    struct exchange *exchange = *context;
    if (!exchange) {
        return MHD_NO;
    }
    if (!exchange->begun) {
        exchange->begun = true;
        return begin(exchange, method, url, version);
    }
    if (*upload_size > 0) {
        size_t length = *upload_size;
        *upload_size = 0;
        return take_body(exchange, upload, length);
    }
    if (exchange->is_in) {
        return resumed(exchange);
    }
    return let_go_first(exchange) ? MHD_YES : all_is_in(exchange);
}

static void over(void *unused, struct MHD_Connection *connection, void **context,
                 enum MHD_RequestTerminationCode why)
{
    (void)unused;
    (void)connection;
    (void)why;
    struct exchange *exchange = *context;
    *context = NULL;
    if (!exchange) {
        return;
    }
    if (exchange->task_over) {
        exchange->task_over(exchange->task);
    }
    if (exchange->is_in) {
        size_t in_flight = atomic_fetch_sub(&server.in_flight, 1);
        assert(in_flight > 0);
    }
    if (exchange->peer) {
        connections_request_ends(exchange->peer);
    }
    reply_clear(&exchange->reply);
    buffer_clear(&exchange->body);
    free(exchange->parameter);
    free(exchange->uri);
    free(exchange);
}

static void connection_changes(void *unused, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode what)
{
    (void)unused;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        acceptor_one_left();
        if (*context) {
            connections_closed(*context);
        }
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *context = info ? connections_opened(info->connect_fd) : NULL;
}

/* The path and the query are decoded by us, once, and strictly. */
static size_t leave_escaped(void *unused, struct MHD_Connection *connection, char *text)
{
    (void)unused;
    (void)connection;
    return strlen(text);
}

/* --- start and stop --- */

static unsigned thread_count(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < THREADS_MIN   ? THREADS_MIN
           : processors > THREADS_MAX ? THREADS_MAX
                                      : (unsigned)processors;
}

/* From one address; a proxy's is everybody's. */
static unsigned per_address(const struct listener *listener)
{
    if (settings.max_per_address > 0) {
        return (unsigned)settings.max_per_address;
    }
    return listener->loopback || settings.behind_proxy ? 0 : 100;
}

bool server_start(const struct listener *listener, const char *tls_cert, const char *tls_key)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    server.boot_id = (uint32_t)now.tv_nsec ^ (uint32_t)now.tv_sec << 10 ^ (uint32_t)getpid();
    /* Each thread must have room for all: the limit is the acceptor's. */
    unsigned threads = thread_count();
    unsigned flags =
        MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET;
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)tls_cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)tls_key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_VERSIONS},
        {MHD_OPTION_END, 0, NULL},
    };
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    server.daemon = MHD_start_daemon(
        flags | (tls_cert ? MHD_USE_TLS : 0), 0, NULL, NULL, handle, NULL,
        MHD_OPTION_THREAD_POOL_SIZE, threads, MHD_OPTION_CONNECTION_LIMIT,
        threads * (unsigned)settings.max_connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        per_address(listener), MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTIONS_IDLE_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK,
        request_line, NULL, MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, over, NULL, MHD_OPTION_NOTIFY_CONNECTION, connection_changes,
        NULL, MHD_OPTION_ARRAY, tls_cert ? tls : none, MHD_OPTION_END);
    return server.daemon && acceptor_start(listener->fd, server.daemon, settings.max_connections);
}

void server_quiesce(void)
{
    respond_close_connections();
    acceptor_stop();
}

static void pause_ms(long ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000};
    nanosleep(&pause, NULL);
}

bool server_wait_idle(int64_t ms)
{
    int64_t until = clock_monotonic_ms() + ms;
    while (atomic_load(&server.in_flight) > 0 && clock_monotonic_ms() < until) {
        pause_ms(5);
    }
    return atomic_load(&server.in_flight) == 0;
}

void server_cut(void)
{
    atomic_store(&server.cutting, true);
    while (atomic_load(&server.deciding) > 0 || exchange_suspended_count() > 0) {
        pause_ms(5);
    }
}

void server_stop(void)
{
    MHD_stop_daemon(server.daemon);
}
