#include "mock_server/base/listener.h"

#include "protocol/wire/duration.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

static char *sentence(const char *address, const char *wrong)
{
    char *text = NULL;
    return asprintf(&text, "%s: %s", address, wrong) < 0 ? strdup("out of memory") : text;
}

/* Splits HOST:PORT, with the brackets of an IPv6 address taken off. */
static bool split(const char *address, char host[256], char port[8])
{
    const char *colon = strrchr(address, ':');
    int64_t number = 0;
    if (!colon || !number_parse(colon + 1, 0, 65535, &number)) {
        return false;
    }
    const char *start = address;
    size_t length = (size_t)(colon - address);
    if (length > 2 && start[0] == '[' && start[length - 1] == ']') {
        start++;
        length -= 2;
    }
    if (length == 0 || length > 255) {
        return false;
    }
    memcpy(host, start, length);
    host[length] = '\0';
    snprintf(port, 8, "%d", (int)number);
    return true;
}

static bool is_loopback(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

static bool bind_to(struct listener *listener, const struct addrinfo *where)
{
    listener->fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener->fd < 0) {
        return false;
    }
    int on = 1;
    listener->loopback = is_loopback(where->ai_addr);
    if (setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(listener->fd, where->ai_addr, where->ai_addrlen) == 0 &&
        listen(listener->fd, BACKLOG) == 0) {
        return true;
    }
    int why = errno;
    close(listener->fd);
    errno = why;
    return false;
}

static void name_it(struct listener *listener, const char *host)
{
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    in_port_t port = 0;
    if (getsockname(listener->fd, (struct sockaddr *)&bound, &length) == 0) {
        struct sockaddr_in v4; /* the port is at the same place in both */
        memcpy(&v4, &bound, sizeof v4);
        port = ntohs(v4.sin_port);
    }
    snprintf(listener->name, sizeof listener->name, strchr(host, ':') ? "[%s]:%u" : "%s:%u", host,
             (unsigned)port);
}

char *listener_open(struct listener *listener, const char *address)
{
    char host[256], port[8];
    if (!split(address, host, port)) {
        return sentence(address, "expected HOST:PORT, port 0 to 65535");
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int failure = getaddrinfo(host, port, &hints, &found);
    if (failure != 0) {
        return sentence(address, gai_strerror(failure));
    }
    bool ok = false;
    for (const struct addrinfo *each = found; each && !ok; each = each->ai_next) {
        ok = bind_to(listener, each);
    }
    char *wrong = ok ? NULL : sentence(address, strerror(errno));
    freeaddrinfo(found);
    if (ok) {
        name_it(listener, host);
    }
    return wrong;
}
