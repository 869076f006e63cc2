#include "mock_server/http/connections.h"

#include "mock_server/base/timers.h"
#include "mock_server/http/metrics.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/json.h"
#include "protocol/wire/problem.h"

#include <assert.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define WATCH_EVERY_MS 250
#define TICK_MS        20 /* the system counts time in steps as large as this */

enum state { IDLE, RECEIVING, ANSWERING, CUT };

struct connection {
    int fd;             /* open as long as the connection is in the list */
    atomic_bool served; /* one request at least */
    atomic_int state;
    atomic_int_fast64_t since_ms;
    struct connection *next, *previous;
};

static struct {
    pthread_mutex_t lock;
    struct connection *first;
    struct timer watch;
    int64_t request_timeout_ms;
    bool tls;
} connections = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void set_state(struct connection *connection, enum state state)
{
    atomic_store_explicit(&connection->since_ms, clock_monotonic_ms(), memory_order_relaxed);
    atomic_store_explicit(&connection->state, (int)state, memory_order_release);
}

/* Only the one that makes this change may write to the socket or, in the other case, answer. */
static bool change_state(struct connection *connection, enum state from, enum state to)
{
    int expected = (int)from;
    return atomic_compare_exchange_strong(&connection->state, &expected, (int)to);
}

/* libmicrohttpd takes no reply while a body is coming in, so this one goes to the socket itself. */
static void say_too_late(int fd)
{
    struct json *problem = problem_of_status(408, "The request did not arrive in time.");
    char *body = problem ? json_write(problem) : NULL;
    char *reply = NULL;
    if (body && asprintf(&reply,
                         "HTTP/1.1 408 Request Timeout\r\nContent-Type: " PROBLEM_MEDIA_TYPE "\r\n"
                         "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
                         strlen(body), body) >= 0) {
        /* A slow reader gets what fits its window; nobody waits for it. */
        ssize_t sent = send(fd, reply, strlen(reply), MSG_DONTWAIT | MSG_NOSIGNAL);
        (void)sent;
        free(reply);
    }
    free(body);
    json_free(problem);
}

/* Between requests, has a part of the next one's first line come? libmicrohttpd tells of whole ones
 * only, but the system knows when the last byte was received. (Over TLS the handshake's count.) */
static bool has_begun(const struct connection *connection, int64_t now)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    if (getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
        return false;
    }
    if (!atomic_load(&connection->served)) {
        return info.tcpi_bytes_received > 0;
    }
    int64_t idle_since = atomic_load_explicit(&connection->since_ms, memory_order_relaxed);
    return now - (int64_t)info.tcpi_last_data_recv > idle_since + TICK_MS;
}

static void judge(struct connection *connection, int64_t now)
{
    enum state state = (enum state)atomic_load_explicit(&connection->state, memory_order_acquire);
    int64_t age = now - atomic_load_explicit(&connection->since_ms, memory_order_relaxed);
    if (state == RECEIVING && age > connections.request_timeout_ms &&
        change_state(connection, RECEIVING, CUT)) {
        if (!connections.tls) {
            say_too_late(connection->fd);
        }
        shutdown(connection->fd, SHUT_RDWR);
    } else if (state == IDLE && age > (CONNECTIONS_IDLE_S + 5) * 1000 &&
               change_state(connection, IDLE, CUT)) {
        shutdown(connection->fd, SHUT_RDWR);
    } else if (state == IDLE && has_begun(connection, now)) {
        atomic_store_explicit(&connection->since_ms, now, memory_order_relaxed);
        change_state(connection, IDLE, RECEIVING);
    }
}

static void watch(struct timer *timer, enum timer_reason reason)
{
    if (reason == TIMER_STOPPED) {
        return;
    }
    int64_t now = clock_monotonic_ms();
    pthread_mutex_lock(&connections.lock);
    for (struct connection *each = connections.first; each; each = each->next) {
        judge(each, now);
    }
    pthread_mutex_unlock(&connections.lock);
    timers_arm(timer, WATCH_EVERY_MS, TIMER_FINISHES);
}

bool connections_start(int64_t request_timeout_ms, bool tls)
{
    connections.request_timeout_ms = request_timeout_ms;
    connections.tls = tls;
    connections.watch.fire = watch;
    return timers_arm(&connections.watch, WATCH_EVERY_MS, TIMER_FINISHES);
}

struct connection *connections_opened(int fd)
{
    struct connection *connection = calloc(1, sizeof(struct connection));
    if (!connection) {
        return NULL;
    }
    connection->fd = fd;
    set_state(connection, IDLE);
    pthread_mutex_lock(&connections.lock);
    connection->next = connections.first;
    if (connection->next) {
        connection->next->previous = connection;
    }
    connections.first = connection;
    pthread_mutex_unlock(&connections.lock);
    metrics_connection(1);
    return connection;
}

void connections_closed(struct connection *connection)
{
    pthread_mutex_lock(&connections.lock);
    assert((connection->previous ? connection->previous->next : connections.first) == connection);
    if (connection->next) {
        connection->next->previous = connection->previous;
    }
    if (connection->previous) {
        connection->previous->next = connection->next;
    } else {
        connections.first = connection->next;
    }
    pthread_mutex_unlock(&connections.lock);
    free(connection);
    metrics_connection(-1);
}

void connections_request_begins(struct connection *connection)
{
    /* Else its first bytes were seen before. */
    if (atomic_load(&connection->state) == IDLE) {
        set_state(connection, RECEIVING);
    }
}

bool connections_request_is_in(struct connection *connection)
{
    return change_state(connection, RECEIVING, ANSWERING);
}

void connections_request_ends(struct connection *connection)
{
    atomic_store_explicit(&connection->served, true, memory_order_relaxed);
    if (atomic_load(&connection->state) != CUT) {
        set_state(connection, IDLE);
    }
}
