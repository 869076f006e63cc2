#include "tests/lab/conform/cutter.h"

#include "tests/lab/conform/lost.h"
#include "tests/support/raw.h"
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define SHORT_BYTES 20 /* that go on of a reply that is cut short */
#define KEPT_MAX    (1024 * 1024)
#define QUIET_MS    1000 /* ends a reply in TLS on a connection that is kept */

/* Linux heeds SO_SNDTIMEO in connect(). */
static int connect_to(const struct addrinfo *address, int timeout_ms)
{
    struct timeval patience = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    int server = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0) return -1;
    setsockopt(server, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(server, address->ai_addr, address->ai_addrlen) == 0) return server;
    close(server);
    return -1;
}

static int connect_server(const struct cutter *cutter)
{
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int server = -1;
    if (getaddrinfo(cutter->host, cutter->service, &wanted, &found) != 0) return -1;
    for (const struct addrinfo *at = found; at && server < 0; at = at->ai_next)
        server = connect_to(at, cutter->timeout_ms);
    freeaddrinfo(found);
    return server;
}

/* What the server says; false: the connection is over. */
static bool answer(struct cutter *cutter, int server, int client)
{
    char bytes[16384];
    ssize_t count = recv(server, bytes, sizeof bytes, 0);
    if (count <= 0) return false;
    if (!cutter->is_armed) return raw_send(client, bytes, (size_t)count);
    bool is_first = cutter->kept.length == 0 && cutter->how == CUT_SHORT;
    if (cutter->kept.length < KEPT_MAX) support_append(&cutter->kept, bytes, (size_t)count);
    return !is_first || raw_send(client, bytes, count < SHORT_BYTES ? (size_t)count : SHORT_BYTES);
}

static bool ask(int client, int server)
{
    char bytes[16384];
    ssize_t count = recv(client, bytes, sizeof bytes, 0);
    return count > 0 && raw_send(server, bytes, (size_t)count);
}

/* How long the next byte may take. */
static int patience_ms(const struct cutter *cutter)
{
    bool is_secret = cutter->kept.length > 0 && !lost_can_be_read(&cutter->kept);
    return is_secret && cutter->timeout_ms > QUIET_MS ? QUIET_MS : cutter->timeout_ms;
}

static void pass_on(struct cutter *cutter, int client, int server)
{
    bool goes_on = true;
    while (goes_on) {
        struct pollfd ends[] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
        if (poll(ends, 2, patience_ms(cutter)) <= 0) return;
        if (ends[0].revents) goes_on = ask(client, server);
        if (ends[1].revents && goes_on)
            goes_on = answer(cutter, server, client) && !lost_is_whole(&cutter->kept);
    }
}

static void *run(void *context)
{
    struct cutter *cutter = context;
    struct pollfd caller = {.fd = cutter->listener, .events = POLLIN};
    if (poll(&caller, 1, cutter->timeout_ms) <= 0) return NULL;
    int client = accept4(cutter->listener, NULL, NULL, SOCK_CLOEXEC);
    int server = client >= 0 ? connect_server(cutter) : -1;
    if (server >= 0) pass_on(cutter, client, server);
    if (server >= 0) close(server);
    if (client >= 0) close(client);
    return NULL;
}

void cutter_start(struct cutter *cutter)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;
    cutter->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (cutter->listener < 0 ||
        bind(cutter->listener, (struct sockaddr *)&here, sizeof here) != 0 ||
        listen(cutter->listener, 1) != 0 ||
        getsockname(cutter->listener, (struct sockaddr *)&here, &length) != 0 ||
        pthread_create(&cutter->thread, NULL, run, cutter) != 0)
        support_die("what cuts replies can't start");
    cutter->port = ntohs(here.sin_port);
}

void cutter_arm(void *cutter)
{
    ((struct cutter *)cutter)->is_armed = true;
}

void cutter_stop(struct cutter *cutter)
{
    pthread_join(cutter->thread, NULL);
    close(cutter->listener);
}
