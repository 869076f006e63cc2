#include "tests/terminal/puppet.h"

#include "tests/support/support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define REQUEST_MAX 65536
#define GETS_MAX    4

struct answer {
    const char *path, *status, *body;
};

struct puppet {
    int listener;
    pthread_t thread;
    const char *status, *media_type, *body;
    pthread_mutex_t lock; /* of what it says */
    struct answer gets[GETS_MAX];
    size_t get_count;
    char url[40];
    atomic_int posts;
};

/* The bytes that the request has in all, 0 while that isn't known. */
static size_t whole_length(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");
    if (end == NULL) return 0;
    const char *length = strcasestr(request, "\r\nContent-Length:");
    size_t body = length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return (size_t)(end - request) + 4 + body;
}

/* Reads one request, NUL-terminated; false when it isn't whole. */
static bool read_request(int connection, char request[REQUEST_MAX])
{
    size_t length = 0;
    request[0] = '\0';
    while (length + 1 < REQUEST_MAX) {
        ssize_t count = recv(connection, request + length, REQUEST_MAX - 1 - length, 0);
        if (count <= 0) return false;
        length += (size_t)count;
        request[length] = '\0';
        size_t whole = whole_length(request);
        if (whole > 0 && length >= whole) return true;
    }
    return false;
}

static void say(int connection, const char *status, const char *media_type, const char *body)
{
    char *reply = support_format("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                                 "Connection: close\r\n\r\n%s",
                                 status, media_type, strlen(body), body);
    if (send(connection, reply, strlen(reply), MSG_NOSIGNAL) < 0) shutdown(connection, SHUT_RDWR);
    free(reply);
}

/* What a GET of that path is answered with. */
static struct answer answer_to_get(struct puppet *puppet, const char *path)
{
    /* Else nothing is ever sent to it. */
    static const struct answer account = {"/v1/whoami ", "200 OK",
                                          "{\"tenant\":\"north\",\"user\":\"ana\"}"};
    struct answer answer = {NULL, "404 Not Found", ""};
    if (strncmp(path, account.path, strlen(account.path)) == 0) answer = account;
    pthread_mutex_lock(&puppet->lock);
    for (size_t i = puppet->get_count; i-- > 0;)
        if (strncmp(path, puppet->gets[i].path, strlen(puppet->gets[i].path)) == 0)
            answer = puppet->gets[i];
    pthread_mutex_unlock(&puppet->lock);
    return answer;
}

static void say_to_get(struct puppet *puppet, int connection, const char *request)
{
    struct answer answer = answer_to_get(puppet, request + strlen("GET "));
    say(connection, answer.status, *answer.body ? "application/json" : "text/plain", answer.body);
}

static void say_to_post(struct puppet *puppet, int connection)
{
    pthread_mutex_lock(&puppet->lock);
    const char *status = puppet->status, *media_type = puppet->media_type, *body = puppet->body;
    pthread_mutex_unlock(&puppet->lock);
    say(connection, status, media_type, body);
}

static void *play(void *context)
{
    struct puppet *puppet = context;
    static _Thread_local char request[REQUEST_MAX];
    for (int connection; (connection = accept4(puppet->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) {
        struct timeval patience = {.tv_sec = 5};
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (read_request(connection, request)) {
            if (strncmp(request, "POST ", 5) == 0) {
                atomic_fetch_add(&puppet->posts, 1);
                say_to_post(puppet, connection);
            } else {
                say_to_get(puppet, connection, request);
            }
        }
        close(connection);
    }
    return NULL;
}

static void add_get(struct puppet *puppet, struct answer answer)
{
    if (puppet->get_count == GETS_MAX) support_die("a puppet that knows too much");
    pthread_mutex_lock(&puppet->lock);
    puppet->gets[puppet->get_count++] = answer;
    pthread_mutex_unlock(&puppet->lock);
}

void puppet_answer_get(struct puppet *puppet, const char *path, const char *body)
{
    add_get(puppet, (struct answer){path, "200 OK", body});
}

void puppet_refuse_get(struct puppet *puppet, const char *path, const char *status)
{
    add_get(puppet, (struct answer){path, status, ""});
}

struct puppet *puppet_start(const char *status, const char *media_type, const char *body)
{
    struct puppet *puppet = calloc(1, sizeof *puppet);
    if (puppet == NULL) support_die("out of memory");
    pthread_mutex_init(&puppet->lock, NULL);
    puppet->status = status;
    puppet->media_type = media_type;
    puppet->body = body;
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    puppet->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (puppet->listener < 0 ||
        bind(puppet->listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(puppet->listener, 16) != 0 ||
        getsockname(puppet->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&puppet->thread, NULL, play, puppet) != 0)
        support_die("cannot start the puppet");
    snprintf(puppet->url, sizeof puppet->url, "http://127.0.0.1:%u", ntohs(address.sin_port));
    return puppet;
}

void puppet_say(struct puppet *puppet, const char *status, const char *media_type, const char *body)
{
    pthread_mutex_lock(&puppet->lock);
    puppet->status = status;
    puppet->media_type = media_type;
    puppet->body = body;
    pthread_mutex_unlock(&puppet->lock);
}

const char *puppet_url(const struct puppet *puppet)
{
    return puppet->url;
}

int puppet_posts(struct puppet *puppet)
{
    return atomic_load(&puppet->posts);
}

void puppet_stop(struct puppet *puppet)
{
    if (puppet == NULL) return;
    shutdown(puppet->listener, SHUT_RDWR);
    pthread_join(puppet->thread, NULL);
    close(puppet->listener);
    pthread_mutex_destroy(&puppet->lock);
    free(puppet);
}
