#include "tests/client/proxy.h"

#include "tests/support/raw.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PAIRS_MAX 64
#define CREATE    "POST /v1/invoices "

struct proxy_pair {
    int client, server; /* -1: closed */
    size_t requests;
    size_t heard;               /* how much of `said` was requests that are dealt with */
    struct support_buffer said; /* by the client */
};

/* --- connections --- */

static void close_end(int *end)
{
    if (*end >= 0) close(*end);
    *end = -1;
}

static size_t count_creates(const struct support_buffer *said)
{
    size_t count = 0;
    const char *at = said->bytes;
    while (at && (at = memmem(at, said->length - (size_t)(at - said->bytes), CREATE,
                              sizeof CREATE - 1))) {
        count++;
        at += sizeof CREATE - 1;
    }
    return count;
}

static void end_pair(struct proxy *proxy, struct proxy_pair *pair)
{
    close_end(&pair->client);
    close_end(&pair->server);
    size_t creates = count_creates(&pair->said);
    proxy->posts += creates;
    if (creates > proxy->most_posts_on_one) proxy->most_posts_on_one = creates;
    if (pair->said.length > 0) support_append(&proxy->heard, pair->said.bytes, pair->said.length);
    free(pair->said.bytes);
    *pair = (struct proxy_pair){.client = -1, .server = -1};
}

static void begin_pair(struct proxy *proxy)
{
    int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
    if (client < 0) return;
    for (size_t i = 0; i < PAIRS_MAX; i++) {
        struct proxy_pair *pair = &proxy->pairs[i];
        if (pair->client >= 0) continue;
        proxy->connections++;
        *pair = (struct proxy_pair){.client = client, .server = -1};
        return;
    }
    support_die("too many connections to a proxy");
}

static bool pass_on(int from, int to)
{
    char bytes[16384];
    ssize_t count = recv(from, bytes, sizeof bytes, 0);
    return count > 0 && raw_send(to, bytes, (size_t)count);
}

/* The length of the whole request that stands there; 0 while there is none. */
static size_t request_length(const char *bytes, size_t length)
{
    const char *end = strstr(bytes, "\r\n\r\n"), *field = strcasestr(bytes, "content-length:");
    if (!end) return 0;
    size_t whole = (size_t)(end + 4 - bytes);
    if (field && field < end) whole += strtoul(field + strlen("content-length:"), NULL, 10);
    return whole <= length ? whole : 0;
}

static bool is_for_us(struct proxy *proxy, const char *request)
{
    bool creates = strncmp(request, CREATE, strlen(CREATE)) == 0;
    if (!creates && proxy->takes_turns) return proxy->reads++ % 2 == 1;
    if (!creates) return proxy->canned_reads;
    return proxy->server_port == 0 || proxy->canned_posts++ < proxy->canned_count;
}

/* In the server's place. False: the connection is over. */
static bool answer(const struct proxy *proxy, const struct proxy_pair *pair)
{
    if (!proxy->canned) return false;
    size_t length = proxy->canned_length ? proxy->canned_length : strlen(proxy->canned);
    if (!raw_send(pair->client, proxy->canned, length)) return false;
    shutdown(pair->client, SHUT_WR);
    return true;
}

static bool deal_with(struct proxy *proxy, struct proxy_pair *pair, const char *request,
                      size_t length)
{
    pair->requests++;
    if (is_for_us(proxy, request)) return answer(proxy, pair);
    if (pair->server < 0) pair->server = raw_connect(proxy->server_port);
    if (pair->server < 0 || !raw_send(pair->server, request, length)) return false;
    return pair->requests != proxy->hang_up_at;
}

/* False when the connection is over. */
static bool hear(struct proxy *proxy, struct proxy_pair *pair)
{
    char bytes[16384];
    ssize_t count = recv(pair->client, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    support_append(&pair->said, bytes, (size_t)count);
    for (;;) {
        const char *request = pair->said.bytes + pair->heard;
        size_t length = request_length(request, pair->said.length - pair->heard);
        if (length == 0) return true;
        pair->heard += length;
        if (!deal_with(proxy, pair, request, length)) return false;
    }
}

/* --- the loop --- */

static void serve(struct proxy *proxy, const struct pollfd *polled)
{
    for (size_t i = 0; i < PAIRS_MAX; i++) {
        struct proxy_pair *pair = &proxy->pairs[i];
        bool heard = polled[2 * i].revents != 0, answered = polled[2 * i + 1].revents != 0;
        if (heard && pair->client >= 0 && !hear(proxy, pair)) end_pair(proxy, pair);
        if (answered && pair->server >= 0 && !pass_on(pair->server, pair->client))
            end_pair(proxy, pair);
    }
}

static void *run(void *context)
{
    struct proxy *proxy = context;
    struct pollfd polled[2 * PAIRS_MAX + 2];
    for (;;) {
        for (size_t i = 0; i < PAIRS_MAX; i++) {
            polled[2 * i] = (struct pollfd){.fd = proxy->pairs[i].client, .events = POLLIN};
            polled[2 * i + 1] = (struct pollfd){.fd = proxy->pairs[i].server, .events = POLLIN};
        }
        polled[2 * PAIRS_MAX] = (struct pollfd){.fd = proxy->listener, .events = POLLIN};
        polled[2 * PAIRS_MAX + 1] = (struct pollfd){.fd = proxy->wake[0], .events = POLLIN};
        if (poll(polled, 2 * PAIRS_MAX + 2, -1) < 0 && errno != EINTR)
            support_die("a proxy cannot poll");
        if (polled[2 * PAIRS_MAX + 1].revents) return NULL;
        serve(proxy, polled);
        if (polled[2 * PAIRS_MAX].revents) begin_pair(proxy);
    }
}

void proxy_start(struct proxy *proxy)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    proxy->pairs = calloc(PAIRS_MAX, sizeof *proxy->pairs);
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!proxy->pairs || proxy->listener < 0 || pipe2(proxy->wake, O_CLOEXEC) != 0 ||
        bind(proxy->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(proxy->listener, 128) != 0 ||
        getsockname(proxy->listener, (struct sockaddr *)&address, &length) != 0)
        support_die("cannot start a proxy");
    for (size_t i = 0; i < PAIRS_MAX; i++)
        proxy->pairs[i] = (struct proxy_pair){.client = -1, .server = -1};
    proxy->port = ntohs(address.sin_port);
    snprintf(proxy->url, sizeof proxy->url, "http://127.0.0.1:%hu", proxy->port);
    if (pthread_create(&proxy->thread, NULL, run, proxy) != 0) support_die("no threads left");
}

void proxy_stop(struct proxy *proxy)
{
    if (write(proxy->wake[1], "", 1) != 1) support_die("cannot stop a proxy");
    pthread_join(proxy->thread, NULL);
    for (size_t i = 0; i < PAIRS_MAX; i++)
        if (proxy->pairs[i].client >= 0) end_pair(proxy, &proxy->pairs[i]);
    close(proxy->listener);
    close(proxy->wake[0]);
    close(proxy->wake[1]);
    free(proxy->pairs);
}

void proxy_clear(struct proxy *proxy)
{
    free(proxy->heard.bytes);
    *proxy = (struct proxy){0};
}
