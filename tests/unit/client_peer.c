#include "tests/unit/client_peer.h"

#include "tests/support/support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUESTS_MAX 64

struct peer {
    const struct peer_step *steps;
    size_t count;
    int listener;
    int stop; /* eventfds: readable once asked */
    int release;
    unsigned short port;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock; /* what follows */
    struct support_buffer requests[REQUESTS_MAX];
    size_t request_count;
    size_t connections;
};

static int listen_on(unsigned short *port, bool really)
{
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        (really && listen(listener, 128) != 0) ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0)
        support_die("no listening socket");
    *port = ntohs(address.sin_port);
    return listener;
}

/* True when `fd` may be read; false once the peer is to stop. */
static bool wait_for(const struct peer *peer, int fd)
{
    struct pollfd polled[2] = {{.fd = fd, .events = POLLIN}, {.fd = peer->stop, .events = POLLIN}};
    while (poll(polled, 2, -1) < 0)
        ;
    return polled[1].revents == 0;
}

static bool is_whole(const struct support_buffer *request)
{
    if (request->bytes == NULL) return false;
    const char *end = strstr(request->bytes, "\r\n\r\n");
    if (end == NULL) return false;
    const char *length = strcasestr(request->bytes, "\r\nContent-Length:");
    size_t body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return request->length >= (size_t)(end + 4 - request->bytes) + body;
}

static bool read_request(struct peer *peer, int socket)
{
    struct support_buffer request = {0};
    char bytes[8192];
    ssize_t count = 1;
    while (!is_whole(&request) && wait_for(peer, socket) &&
           (count = recv(socket, bytes, sizeof bytes, 0)) > 0)
        support_append(&request, bytes, (size_t)count);
    if (!is_whole(&request)) {
        free(request.bytes);
        return false;
    }
    pthread_mutex_lock(&peer->lock);
    if (peer->request_count == REQUESTS_MAX) support_die("more requests than a test has");
    peer->requests[peer->request_count++] = request;
    pthread_mutex_unlock(&peer->lock);
    return true;
}

static void say(int socket, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(socket, text, length, MSG_NOSIGNAL);
        if (sent <= 0) return;
        text += sent;
        length -= (size_t)sent;
    }
}

static void answer(int socket, const struct peer_step *step)
{
    char *head = support_format("HTTP/1.1 %d Scripted\r\nContent-Type: %s\r\n"
                                "Content-Length: %zu\r\n%s\r\n",
                                step->status,
                                step->status >= 400 ? "application/problem+json"
                                                    : "application/json; charset=utf-8",
                                strlen(step->text), step->headers != NULL ? step->headers : "");
    say(socket, head, strlen(head));
    say(socket, step->text, strlen(step->text));
    free(head);
}

static void hold(const struct peer *peer, int socket)
{
    struct pollfd polled[3] = {{.fd = peer->release, .events = POLLIN},
                               {.fd = peer->stop, .events = POLLIN},
                               {.fd = socket, .events = POLLIN}};
    while (poll(polled, 3, -1) < 0)
        ;
}

static void play(struct peer *peer, int socket, const struct peer_step *step)
{
    while (step->ending == PEER_KEEPS && read_request(peer, socket))
        answer(socket, step);
    if (step->ending == PEER_KEEPS || !read_request(peer, socket)) return;
    if (step->ending == PEER_TIRES) {
        answer(socket, step);
        read_request(peer, socket);
        return;
    }
    if (step->ending == PEER_HOLDS) hold(peer, socket);
    if (step->ending == PEER_ANSWERS)
        answer(socket, step);
    else if (step->text != NULL)
        say(socket, step->text, step->length > 0 ? step->length : strlen(step->text));
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    if (step->ending == PEER_RESETS)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

static void *serve(void *context)
{
    struct peer *peer = context;
    for (size_t i = 0; wait_for(peer, peer->listener); i++) {
        int socket = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);
        if (socket < 0) support_die("accept");
        pthread_mutex_lock(&peer->lock);
        peer->connections++;
        pthread_mutex_unlock(&peer->lock);
        play(peer, socket, &peer->steps[i < peer->count ? i : peer->count - 1]);
        close(socket);
    }
    return NULL;
}

struct peer *peer_start(const struct peer_step *steps, size_t count)
{
    struct peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL) support_die("out of memory");
    peer->steps = steps;
    peer->count = count;
    peer->listener = listen_on(&peer->port, true);
    peer->stop = eventfd(0, EFD_CLOEXEC);
    peer->release = eventfd(0, EFD_CLOEXEC);
    snprintf(peer->url, sizeof peer->url, "http://127.0.0.1:%u", (unsigned)peer->port);
    if (peer->stop < 0 || peer->release < 0 || pthread_mutex_init(&peer->lock, NULL) != 0 ||
        pthread_create(&peer->thread, NULL, serve, peer) != 0)
        support_die("no thread for the peer");
    return peer;
}

void peer_release(struct peer *peer)
{
    if (eventfd_write(peer->release, 1) != 0) support_die("eventfd");
}

void peer_stop(struct peer *peer)
{
    if (eventfd_write(peer->stop, 1) != 0) support_die("eventfd");
    pthread_join(peer->thread, NULL);
    close(peer->listener);
    close(peer->stop);
    close(peer->release);
    pthread_mutex_destroy(&peer->lock);
    for (size_t i = 0; i < peer->request_count; i++)
        free(peer->requests[i].bytes);
    free(peer);
}

const char *peer_url(const struct peer *peer)
{
    return peer->url;
}

unsigned short peer_port(const struct peer *peer)
{
    return peer->port;
}

size_t peer_requests(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    size_t count = peer->request_count;
    pthread_mutex_unlock(&peer->lock);
    return count;
}

size_t peer_connections(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    size_t count = peer->connections;
    pthread_mutex_unlock(&peer->lock);
    return count;
}

const char *peer_request(struct peer *peer, size_t index)
{
    pthread_mutex_lock(&peer->lock);
    const char *bytes = index < peer->request_count ? peer->requests[index].bytes : "";
    pthread_mutex_unlock(&peer->lock);
    return bytes;
}

int peer_closed_port(unsigned short *port)
{
    return listen_on(port, false);
}
