#include "tests/support/webhooks.h"

#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 256
#define EVENTS_MAX      ((size_t)1 << 17) /* places; a power of two */

/* What is known of an event. */
struct event {
    const char *id; /* NULL: none is here */
    size_t arrived, taken;
};

struct webhooks {
    webhook_choose *choose;
    void *context;
    char url[64];
    struct sockaddr_in address;
    pthread_mutex_t lock; /* what follows */
    pthread_cond_t changed;
    pthread_t acceptor;
    int place;    /* bound, so that the port stays its own; it doesn't listen */
    int listener; /* -1: down */
    int connections[CONNECTIONS_MAX];
    size_t connection_count;
    unsigned connections_ever;
    bool let_go;
    struct webhook **arrived;
    size_t count;
    struct event events[EVENTS_MAX];
    size_t event_count, taken_count, repeats;
};

struct caller {
    struct webhooks *webhooks;
    int socket;
    unsigned number;
};

/* --- what arrived --- */

static struct event *event_of(struct webhooks *webhooks, const char *id)
{
    size_t place = 5381;
    for (const char *at = id; *at; at++)
        place = place * 33 + (unsigned char)*at;
    place %= EVENTS_MAX;
    while (webhooks->events[place].id && strcmp(webhooks->events[place].id, id) != 0)
        place = (place + 1) % EVENTS_MAX;
    return &webhooks->events[place];
}

/* With the lock held. */
static struct webhook_answer note(struct webhooks *webhooks, struct webhook *webhook)
{
    struct event *event = event_of(webhooks, webhook->event_id);
    if (!event->id && 2 * ++webhooks->event_count > EVENTS_MAX) support_die("too many events");
    event->id = webhook->event_id;
    webhook->before = event->arrived++;
    struct webhook_answer answer = {WEBHOOK_ANSWERS, 200, NULL};
    if (webhooks->choose) answer = webhooks->choose(webhooks->context, webhook);
    webhook->is_taken = answer.act != WEBHOOK_HANGS && answer.act != WEBHOOK_CLOSES &&
                        answer.status >= 200 && answer.status < 300;
    if (webhook->is_taken) {
        webhooks->taken_count += event->taken == 0;
        webhooks->repeats += event->taken > 0;
        event->taken++;
    }
    webhooks->arrived =
        realloc(webhooks->arrived, (webhooks->count + 1) * sizeof *webhooks->arrived);
    if (!webhooks->arrived) support_die("out of memory");
    webhooks->arrived[webhooks->count++] = webhook;
    pthread_cond_broadcast(&webhooks->changed);
    return answer;
}

static struct webhook *webhook_of(struct support_buffer *request, char *body)
{
    struct webhook *webhook = calloc(1, sizeof *webhook);
    if (!webhook) support_die("out of memory");
    webhook->head = support_format("%.*s", (int)(body - request->bytes), request->bytes);
    webhook->body = support_format("%s", body);
    webhook->json = json_read(body, strlen(body));
    webhook->event_id = json_pointer_text(webhook->json, "/event_id");
    free(request->bytes);
    return webhook;
}

/* One request; NULL: the connection ended. */
static struct webhook *read_request(int socket)
{
    struct support_buffer request = {0};
    char bytes[16384], *end = NULL;
    size_t wanted = 0;
    while (!end || request.length < wanted) {
        ssize_t count = recv(socket, bytes, sizeof bytes, 0);
        if (count <= 0) {
            free(request.bytes);
            return NULL;
        }
        support_append(&request, bytes, (size_t)count);
        end = strstr(request.bytes, "\r\n\r\n");
        char *length = end ? strcasestr(request.bytes, "\r\nContent-Length:") : NULL;
        if (end)
            wanted = (size_t)(end + 4 - request.bytes) +
                     (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
    }
    return webhook_of(&request, end + 4);
}

/* --- answering --- */

static bool say(int socket, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t sent = send(socket, text, length, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        text += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool answer_with(int socket, const struct webhook_answer *answer, const char *length)
{
    char *head = support_format("HTTP/1.1 %d Said\r\n%s%s\r\n", answer->status,
                                answer->headers ? answer->headers : "", length);
    bool ok = say(socket, head);
    free(head);
    return ok;
}

/* Until it is let go, or the other side has given up. */
static void hang(struct webhooks *webhooks, int socket)
{
    struct pollfd polled = {.fd = socket, .events = POLLRDHUP};
    bool hangs = true;
    while (hangs && poll(&polled, 1, 20) <= 0) {
        pthread_mutex_lock(&webhooks->lock);
        hangs = !webhooks->let_go && webhooks->listener >= 0;
        pthread_mutex_unlock(&webhooks->lock);
    }
}

/* False: the connection is to be closed. */
static bool act(struct webhooks *webhooks, int socket, const struct webhook_answer *answer)
{
    switch (answer->act) {
    case WEBHOOK_ANSWERS:
        return answer_with(socket, answer, "Content-Length: 0\r\n");
    case WEBHOOK_CLOSES:
        return false;
    case WEBHOOK_HANGS:
        hang(webhooks, socket);
        return false;
    case WEBHOOK_NEVER_ENDS:
        if (answer_with(socket, answer, ""))
            while (say(socket, "and so on "))
                ;
        return false;
    }
    return false;
}

/* --- connections --- */

static void forget(struct webhooks *webhooks, int socket)
{
    pthread_mutex_lock(&webhooks->lock);
    size_t at = 0;
    while (webhooks->connections[at] != socket)
        at++;
    webhooks->connections[at] = webhooks->connections[--webhooks->connection_count];
    close(socket);
    pthread_cond_broadcast(&webhooks->changed);
    pthread_mutex_unlock(&webhooks->lock);
}

static void *serve(void *context)
{
    struct caller caller = *(struct caller *)context;
    struct webhooks *webhooks = caller.webhooks;
    struct webhook *webhook = NULL;
    free(context);
    bool goes_on = true;
    while (goes_on && (webhook = read_request(caller.socket))) {
        webhook->connection = caller.number;
        pthread_mutex_lock(&webhooks->lock);
        struct webhook_answer answer = note(webhooks, webhook);
        pthread_mutex_unlock(&webhooks->lock);
        goes_on = act(webhooks, caller.socket, &answer);
    }
    forget(webhooks, caller.socket);
    return NULL;
}

static void take(struct webhooks *webhooks, int socket)
{
    struct caller *caller = malloc(sizeof *caller);
    pthread_t thread;
    pthread_attr_t detached;
    if (!caller || webhooks->connection_count == CONNECTIONS_MAX) support_die("too many");
    *caller = (struct caller){webhooks, socket, webhooks->connections_ever++};
    webhooks->connections[webhooks->connection_count++] = socket;
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &detached, serve, caller) != 0) support_die("no thread");
    pthread_attr_destroy(&detached);
}

static void *accept_all(void *context)
{
    struct webhooks *webhooks = context;
    int socket = 0;
    pthread_mutex_lock(&webhooks->lock);
    int listener = webhooks->listener; /* it may go down at once */
    pthread_mutex_unlock(&webhooks->lock);
    while ((socket = accept(listener, NULL, NULL)) >= 0 || errno == EINTR ||
           errno == ECONNABORTED) {
        if (socket < 0) continue;
        pthread_mutex_lock(&webhooks->lock);
        if (webhooks->listener >= 0)
            take(webhooks, socket);
        else
            close(socket);
        pthread_mutex_unlock(&webhooks->lock);
    }
    return NULL;
}

static int bound(struct sockaddr_in *address)
{
    socklen_t size = sizeof *address;
    int on = 1, made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (made < 0 || bind(made, (struct sockaddr *)address, size) != 0 ||
        getsockname(made, (struct sockaddr *)address, &size) != 0)
        support_die("the receiver has no port: %s", strerror(errno));
    return made;
}

void webhooks_come_up(struct webhooks *webhooks)
{
    int listener = bound(&webhooks->address);
    if (listen(listener, 128) != 0) support_die("the receiver cannot listen");
    webhooks->listener = listener;
    if (pthread_create(&webhooks->acceptor, NULL, accept_all, webhooks) != 0)
        support_die("no thread");
}

void webhooks_go_down(struct webhooks *webhooks)
{
    pthread_mutex_lock(&webhooks->lock);
    int listener = webhooks->listener;
    webhooks->listener = -1;
    shutdown(listener, SHUT_RDWR);
    for (size_t i = 0; i < webhooks->connection_count; i++)
        shutdown(webhooks->connections[i], SHUT_RDWR);
    pthread_cond_broadcast(&webhooks->changed);
    while (webhooks->connection_count > 0)
        pthread_cond_wait(&webhooks->changed, &webhooks->lock);
    pthread_mutex_unlock(&webhooks->lock);
    pthread_join(webhooks->acceptor, NULL);
    close(listener);
}

struct webhooks *webhooks_start(webhook_choose *choose, void *context)
{
    struct webhooks *webhooks = calloc(1, sizeof *webhooks);
    if (!webhooks) support_die("out of memory");
    webhooks->choose = choose;
    webhooks->context = context;
    webhooks->address =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    pthread_mutex_init(&webhooks->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&webhooks->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    webhooks->place = bound(&webhooks->address);
    webhooks_come_up(webhooks);
    snprintf(webhooks->url, sizeof webhooks->url, "http://127.0.0.1:%d/hook",
             ntohs(webhooks->address.sin_port));
    return webhooks;
}

void webhooks_stop(struct webhooks *webhooks)
{
    if (webhooks->listener >= 0) webhooks_go_down(webhooks);
    for (size_t i = 0; i < webhooks->count; i++) {
        struct webhook *webhook = webhooks->arrived[i];
        json_free(webhook->json);
        free(webhook->head);
        free(webhook->body);
        free(webhook);
    }
    pthread_cond_destroy(&webhooks->changed);
    pthread_mutex_destroy(&webhooks->lock);
    close(webhooks->place);
    free(webhooks->arrived);
    free(webhooks);
}

const char *webhooks_url(const struct webhooks *webhooks)
{
    return webhooks->url;
}

void webhooks_let_go(struct webhooks *webhooks)
{
    pthread_mutex_lock(&webhooks->lock);
    webhooks->let_go = true;
    pthread_cond_broadcast(&webhooks->changed);
    pthread_mutex_unlock(&webhooks->lock);
}

/* --- looking --- */

size_t webhooks_count(struct webhooks *webhooks)
{
    pthread_mutex_lock(&webhooks->lock);
    size_t count = webhooks->count;
    pthread_mutex_unlock(&webhooks->lock);
    return count;
}

const struct webhook *webhooks_at(struct webhooks *webhooks, size_t index)
{
    pthread_mutex_lock(&webhooks->lock);
    if (index >= webhooks->count) support_die("no webhook %zu came", index);
    const struct webhook *webhook = webhooks->arrived[index];
    pthread_mutex_unlock(&webhooks->lock);
    return webhook;
}

size_t webhooks_taken(struct webhooks *webhooks, size_t *repeats)
{
    pthread_mutex_lock(&webhooks->lock);
    size_t taken = webhooks->taken_count;
    if (repeats) *repeats = webhooks->repeats;
    pthread_mutex_unlock(&webhooks->lock);
    return taken;
}

static struct timespec patience_ends(void)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PATIENCE_MS / 1000;
    return until;
}

bool webhooks_wait(struct webhooks *webhooks, size_t taken)
{
    struct timespec until = patience_ends();
    size_t before = 0;
    int late = 0;
    pthread_mutex_lock(&webhooks->lock);
    while (webhooks->taken_count < taken && late == 0) {
        if (webhooks->taken_count > before) until = patience_ends();
        before = webhooks->taken_count;
        late = pthread_cond_timedwait(&webhooks->changed, &webhooks->lock, &until);
    }
    bool came = webhooks->taken_count >= taken;
    if (!came)
        fprintf(stderr, "%zu of %zu events were taken, %zu posts came\n", webhooks->taken_count,
                taken, webhooks->count);
    pthread_mutex_unlock(&webhooks->lock);
    return came;
}

char *webhook_header(const struct webhook *webhook, const char *name)
{
    char *start = support_format("\r\n%s:", name);
    const char *line = strcasestr(webhook->head, start);
    const char *value = line ? line + strlen(start) : "\r\n";
    free(start);
    value += strspn(value, " ");
    return support_format("%.*s", (int)strcspn(value, "\r\n"), value);
}
