#include "tests/lab/soak/message.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define QUIET_S     30 /* after which a connection that says nothing is over */
#define SHORTLY_MS  50
#define LARGEST     (1024 * 1024)
#define STACK_BYTES ((size_t)256 * 1024)

static size_t content_length(const struct message *message)
{
    char *value = message_header(message, "Content-Length:");
    size_t length = (size_t)strtoul(value, NULL, 10);
    free(value);
    return length;
}

/* The one before goes; what was read behind it stays. */
static void begin(struct message *message)
{
    size_t left = message->bytes.length - message->length;
    if (message->length > 0)
        memmove(message->bytes.bytes, message->bytes.bytes + message->length, left + 1);
    message->bytes.length = left;
    message->head = message->length = 0;
}

static bool is_whole(struct message *message)
{
    const char *end = message->bytes.bytes ? strstr(message->bytes.bytes, "\r\n\r\n") : NULL;
    if (!end) return false;
    message->head = (size_t)(end - message->bytes.bytes) + 4;
    message->length = message->head + content_length(message);
    return message->bytes.length >= message->length;
}

bool message_read(int socket, struct message *message)
{
    char bytes[16384];
    begin(message);
    while (!is_whole(message)) {
        ssize_t count = recv(socket, bytes, sizeof bytes, 0);
        if (count <= 0 || message->bytes.length > LARGEST) return false;
        support_append(&message->bytes, bytes, (size_t)count);
    }
    return true;
}

void message_clear(struct message *message)
{
    free(message->bytes.bytes);
    *message = (struct message){0};
}

char *message_header(const struct message *message, const char *name)
{
    const char *at = message->bytes.bytes, *end = at + message->head;
    size_t length = strlen(name);
    while ((at = strstr(at, "\r\n")) != NULL && at + 4 < end) {
        at += 2;
        if (strncasecmp(at, name, length) != 0) continue;
        at += length + strspn(at + length, " ");
        return support_format("%.*s", (int)strcspn(at, "\r"), at);
    }
    return support_format("%s", "");
}

char *message_body(const struct message *message)
{
    return support_format("%.*s", (int)(message->length - message->head),
                          message->bytes.bytes + message->head);
}

int message_status(const struct message *message)
{
    if (!message_starts(message, "HTTP/1.1 ")) return 0;
    return (int)strtol(message->bytes.bytes + strlen("HTTP/1.1 "), NULL, 10);
}

bool message_starts(const struct message *message, const char *text)
{
    return strncmp(message->bytes.bytes, text, strlen(text)) == 0;
}

/* --- */

struct caller {
    struct listener *listener;
    int socket;
    unsigned who;
};

static void *serve(void *context)
{
    struct caller caller = *(struct caller *)context;
    free(context);
    caller.listener->serve(caller.listener->context, caller.socket, caller.who);
    close(caller.socket);
    atomic_fetch_sub(&caller.listener->connections, 1);
    return NULL;
}

static void begin_serving(struct listener *listener, int socket)
{
    pthread_t thread;
    pthread_attr_t attributes;
    struct caller *caller = malloc(sizeof *caller);
    const struct timeval quiet = {.tv_sec = QUIET_S};
    if (!caller) support_die("out of memory");
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &quiet, sizeof quiet);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &quiet, sizeof quiet);
    *caller = (struct caller){listener, socket, listener->next++};
    atomic_fetch_add(&listener->connections, 1);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    if (pthread_create(&thread, &attributes, serve, caller) != 0) support_die("no thread");
    pthread_attr_destroy(&attributes);
}

static void *accept_all(void *context)
{
    struct listener *listener = context;
    while (!atomic_load(&listener->is_over)) {
        struct pollfd caller = {.fd = listener->socket, .events = POLLIN};
        if (poll(&caller, 1, SHORTLY_MS) <= 0) continue;
        int socket = accept4(listener->socket, NULL, NULL, SOCK_CLOEXEC);
        if (socket >= 0) begin_serving(listener, socket);
    }
    return NULL;
}

void listener_start(struct listener *listener, message_serve *serve_one, void *context)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof here;
    *listener = (struct listener){.serve = serve_one, .context = context};
    listener->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener->socket < 0 ||
        bind(listener->socket, (struct sockaddr *)&here, sizeof here) != 0 ||
        listen(listener->socket, SOMAXCONN) != 0 ||
        getsockname(listener->socket, (struct sockaddr *)&here, &length) != 0 ||
        pthread_create(&listener->thread, NULL, accept_all, listener) != 0)
        support_die("nobody can listen");
    listener->port = ntohs(here.sin_port);
}

void listener_stop(struct listener *listener)
{
    atomic_store(&listener->is_over, true);
    pthread_join(listener->thread, NULL);
    close(listener->socket);
    while (atomic_load(&listener->connections) > 0)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
}
