#include "tests/support/raw.h"

#include "tests/support/exchanges.h"
#include "tests/support/headers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKETS_MAX 4096

/* The last request line that went out on each socket. */
static struct {
    pthread_mutex_t lock;
    char lines[SOCKETS_MAX][RAW_REQUEST_SIZE];
} requests = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void remember(int socket, const char *request, size_t length)
{
    if (socket >= SOCKETS_MAX) return;
    pthread_mutex_lock(&requests.lock);
    snprintf(requests.lines[socket], RAW_REQUEST_SIZE, "%.*s",
             length < RAW_REQUEST_SIZE ? (int)length : 0, request);
    pthread_mutex_unlock(&requests.lock);
}

int raw_connect(unsigned short port)
{
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0) support_die("no sockets left");
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int now = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
    remember(connection, "", 0);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0) return connection;
    close(connection);
    return -1;
}

/* The length of "GET /path" in a request line that is one; 0 where a test broke it on purpose. */
static size_t request_length(const char *line)
{
    size_t method = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (method == 0 || line[method] != ' ' || line[method + 1] != '/') return 0;
    size_t length = method + 1;
    while (line[length] > ' ' && line[length] < 0x7F)
        length++;
    const char *version = line + length;
    return strcmp(version, " HTTP/1.1\r") == 0 || strcmp(version, " HTTP/1.0\r") == 0 ? length : 0;
}

/* What has no end of a line goes on with the request before. */
static void remember_request(int socket, const char *bytes, size_t length)
{
    const char *end = memchr(bytes, '\n', length);
    if (!end) return;
    char *line = support_format("%.*s", (int)(end - bytes), bytes);
    remember(socket, line, request_length(line));
    free(line);
}

static void recall_request(int socket, struct raw_reply *reply)
{
    if (socket >= SOCKETS_MAX || reply->request[0]) return;
    pthread_mutex_lock(&requests.lock);
    snprintf(reply->request, RAW_REQUEST_SIZE, "%s", requests.lines[socket]);
    pthread_mutex_unlock(&requests.lock);
}

bool raw_send(int socket, const void *bytes, size_t length)
{
    remember_request(socket, bytes, length);
    for (size_t done = 0; done < length;) {
        ssize_t count = send(socket, (const char *)bytes + done, length - done, MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        done += (size_t)count;
    }
    return true;
}

bool raw_send_text(int socket, const char *text)
{
    return raw_send(socket, text, strlen(text));
}

bool raw_post(int socket, const char *path, const char *token, const char *key, const char *body)
{
    char *text = support_format("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                "Authorization: Bearer %s\r\nIdempotency-Key: \"%s\"\r\n"
                                "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                path, token, key, strlen(body), body);
    bool sent = raw_send_text(socket, text);
    free(text);
    return sent;
}

/* Appends what comes next; false at the end of the connection or of the time. */
static bool read_some(int socket, long long deadline, struct raw_reply *reply)
{
    char bytes[8192];
    recall_request(socket, reply);
    for (;;) {
        long long left = deadline - support_now_ms();
        struct pollfd wanted = {.fd = socket, .events = POLLIN};
        int ready = left > 0 ? poll(&wanted, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) return false;
        ssize_t count = recv(socket, bytes, sizeof bytes, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count == 0) reply->end = RAW_FINISHED;
        if (count < 0) reply->end = RAW_RESET;
        if (count <= 0) return false;
        support_append(&reply->all, bytes, (size_t)count);
        return true;
    }
}

struct raw_reply raw_read_all(int socket, int timeout_ms)
{
    struct raw_reply reply = {0};
    long long deadline = support_now_ms() + timeout_ms;
    support_append(&reply.all, "", 0);
    while (read_some(socket, deadline, &reply)) {
    }
    return reply;
}

static bool is_whole(const struct raw_reply *reply)
{
    size_t length;
    if (!raw_body(reply, &length)) return false;
    char *text = raw_header(reply, "Content-Length");
    bool whole = *text && length >= strtoul(text, NULL, 10);
    free(text);
    return whole;
}

struct raw_reply raw_read_reply(int socket, int timeout_ms)
{
    struct raw_reply reply = {0};
    long long deadline = support_now_ms() + timeout_ms;
    support_append(&reply.all, "", 0);
    while (!is_whole(&reply) && read_some(socket, deadline, &reply)) {
    }
    return reply;
}

bool raw_read_until(int socket, struct raw_reply *reply, const char *word, int timeout_ms)
{
    long long deadline = support_now_ms() + timeout_ms;
    if (!reply->all.bytes) support_append(&reply->all, "", 0);
    while (!strstr(reply->all.bytes, word))
        if (!read_some(socket, deadline, reply)) return false;
    return true;
}

static struct json *headers_of(const struct raw_reply *reply, const char *body)
{
    struct json *headers = json_new_object();
    const char *line = reply->all.bytes;
    while ((line = strstr(line, "\r\n")) && line + 4 < body) {
        line += 2;
        headers_add(headers, line, strcspn(line, "\r\n"));
    }
    return headers;
}

/* One whole reply to one request, or an event stream as far as it went. */
static void note(const struct raw_reply *reply)
{
    size_t length;
    const char *body = reply->all.bytes ? raw_body(reply, &length) : NULL;
    const char *space = strchr(reply->request, ' ');
    if (!body || !space || raw_status(reply) < 200) return;
    struct json *headers = headers_of(reply, body);
    const char *promised = headers_get(headers, "content-length");
    bool is_stream = strcmp(headers_get(headers, "content-type"), "text/event-stream") == 0;
    char *method = support_format("%.*s", (int)(space - reply->request), reply->request);
    if (is_stream || (*promised && strtoul(promised, NULL, 10) == length))
        exchanges_note(&(struct exchange_note){.method = method,
                                               .target = space + 1,
                                               .sent = "",
                                               .status = raw_status(reply),
                                               .headers = headers,
                                               .body = body,
                                               .length = length});
    free(method);
    json_free(headers);
}

void raw_reply_clear(struct raw_reply *reply)
{
    note(reply);
    free(reply->all.bytes);
    *reply = (struct raw_reply){0};
}

const char *raw_body(const struct raw_reply *reply, size_t *length)
{
    const char *end = strstr(reply->all.bytes, "\r\n\r\n");
    if (!end) return NULL;
    *length = reply->all.length - (size_t)(end + 4 - reply->all.bytes);
    return end + 4;
}

int raw_status(const struct raw_reply *reply)
{
    size_t length;
    const char *head = reply->all.bytes;
    if (!raw_body(reply, &length) || strncmp(head, "HTTP/1.", 7) != 0) return 0;
    return (int)strtol(head + 8, NULL, 10);
}

char *raw_header(const struct raw_reply *reply, const char *name)
{
    size_t length, name_length = strlen(name);
    const char *body = raw_body(reply, &length);
    const char *line = body ? strstr(reply->all.bytes, "\r\n") : NULL;
    for (; line && line + 2 < body; line = strstr(line + 2, "\r\n")) {
        const char *start = line + 2;
        if (strncasecmp(start, name, name_length) != 0 || start[name_length] != ':') continue;
        const char *value = start + name_length + 1;
        value += strspn(value, " \t");
        return support_format("%.*s", (int)strcspn(value, "\r\n"), value);
    }
    return support_format("%s", "");
}
