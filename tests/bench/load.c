/* Keeps a server busy over keep-alive connections, one request outstanding on each, checks every
 * reply, and prints one line of name=value: the rate and the latencies. One thread. */
#include "tests/bench/requests.h"
#include "tests/bench/samples.h"
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define REPLY_MAX       65536 /* bytes of a whole reply */
#define CONNECTIONS_MAX 1000
#define PORTS_MAX       16
#define TENANTS_MAX     10000
#define STALL_MS        10000 /* no reply at all for so long is a failure */

struct options {
    enum request_kind kind;
    const char *kind_name;
    unsigned short ports[PORTS_MAX]; /* of as many servers, which the connections take in turn */
    size_t port_count;
    const char *save_reply; /* a file for the first reply, as it came; NULL: none */
    size_t connections;
    size_t requests; /* 0: as many as fit into `seconds` */
    double seconds;
    bool assume_created; /* the server takes replays of what was never created */
    struct requests_settings settings;
};

struct connection {
    int socket;
    size_t index; /* of the request that is outstanding */
    int64_t sent_ns;
    size_t received;
    char reply[REPLY_MAX];
};

/* One stretch of requests of a kind. */
struct stretch {
    enum request_kind kind;
    size_t limit; /* how many are to be sent; 0: until `deadline_ns` */
    int64_t start_ns, deadline_ns, end_ns;
    size_t sent, answered;
    struct samples samples;
};

struct load {
    const struct options *options;
    struct requests *requests;
    struct connection *connections;
    int epoll;
};

/* A whole reply within a connection's bytes. */
struct reply {
    int status;
    bool replayed;
    const char *location;
    size_t location_length;
    size_t length; /* with its headers; 0: there is more to come */
};

static const struct {
    const char *name;
    enum request_kind kind;
    int status;
} kinds[] = {
    {"create-v7", REQUEST_CREATE_V7, 201},
    {"create-v4", REQUEST_CREATE_V4, 201},
    {"replay", REQUEST_REPLAY, 201},
    {"read", REQUEST_READ, 200},
    {"get", REQUEST_GET, 200},
};

/* The value of a header line that starts with `name` (lower case, with its colon), or NULL. */
static const char *value_of(const char *line, const char *name)
{
    size_t length = strlen(name);
    if (strncasecmp(line, name, length) != 0) return NULL;
    line += length;
    return line + strspn(line, " ");
}

static void read_header(const char *line, const char *end, struct reply *reply, size_t *body)
{
    const char *value;
    if ((value = value_of(line, "content-length:"))) {
        *body = strtoul(value, NULL, 10);
    } else if ((value = value_of(line, "location:"))) {
        reply->location = value;
        reply->location_length = (size_t)(end - value);
    } else if ((value = value_of(line, "idempotent-replayed:"))) {
        reply->replayed = strncmp(value, "true\r", 5) == 0;
    }
}

static struct reply read_reply(const char *bytes, size_t length)
{
    struct reply reply = {0};
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return reply;
    if (strncmp(bytes, "HTTP/1.1 ", 9) != 0) support_die("no HTTP: %.100s", bytes);
    reply.status = (int)strtol(bytes + 9, NULL, 10);
    size_t body = SIZE_MAX;
    for (const char *line = bytes; line < end;) {
        const char *line_end = memchr(line, '\r', (size_t)(end - line) + 1);
        read_header(line, line_end, &reply, &body);
        line = line_end + 2;
    }
    if (body > REPLY_MAX) support_die("a reply without a Content-Length, or too long a one");
    size_t whole = (size_t)(end + 4 - bytes) + body;
    if (length > whole) support_die("more bytes than the reply has");
    if (length == whole) reply.length = whole;
    return reply;
}

static int expected_status(enum request_kind kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind) return kinds[i].status;
    return 0;
}

static void check_reply(const struct reply *reply, const struct connection *connection,
                        const struct stretch *stretch)
{
    bool replay = stretch->kind == REQUEST_REPLAY;
    if (reply->status == expected_status(stretch->kind) && reply->replayed == replay) return;
    fprintf(stderr, "load: request %zu was answered:\n%.*s\n", connection->index,
            (int)reply->length, connection->reply);
    exit(1);
}

static void send_next(struct load *load, struct connection *connection, struct stretch *stretch)
{
    size_t length;
    connection->index = stretch->sent++;
    connection->received = 0;
    const char *bytes = requests_make(load->requests, stretch->kind, connection->index, &length);
    connection->sent_ns = samples_now_ns();
    /* Nothing else is under way, so that a request always fits into the socket's buffer. */
    ssize_t sent = send(connection->socket, bytes, length, MSG_NOSIGNAL);
    if (sent != (ssize_t)length) support_die("cannot send: %s", strerror(errno));
}

static bool is_over(const struct stretch *stretch, int64_t now)
{
    return stretch->limit ? stretch->sent >= stretch->limit : now >= stretch->deadline_ns;
}

static void save_reply(const struct options *options, const struct connection *connection)
{
    FILE *file = fopen(options->save_reply, "we");
    bool good = file && fwrite(connection->reply, connection->received, 1, file) == 1;
    if (!file || fclose(file) != 0 || !good) support_die("cannot write %s", options->save_reply);
}

/* Takes in what has arrived on a connection, and sends its next request once the reply is whole. */
static void receive(struct load *load, struct connection *connection, struct stretch *stretch)
{
    ssize_t got = recv(connection->socket, connection->reply + connection->received,
                       REPLY_MAX - connection->received, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got < 0) support_die("cannot receive: %s", strerror(errno));
    if (got == 0) support_die("the server closed a connection");
    connection->received += (size_t)got;
    struct reply reply = read_reply(connection->reply, connection->received);
    if (!reply.length) {
        if (connection->received == REPLY_MAX) support_die("a reply of over %d bytes", REPLY_MAX);
        return;
    }
    int64_t now = samples_now_ns();
    samples_add(&stretch->samples, now - connection->sent_ns);
    check_reply(&reply, connection, stretch);
    if (stretch->kind == REQUEST_CREATE_V7 || stretch->kind == REQUEST_CREATE_V4)
        requests_learn(load->requests, connection->index, reply.location, reply.location_length);
    if (stretch->answered++ == 0 && load->options->save_reply)
        save_reply(load->options, connection);
    stretch->end_ns = now;
    if (!is_over(stretch, now)) send_next(load, connection, stretch);
}

static void run_stretch(struct load *load, struct stretch *stretch)
{
    struct epoll_event events[64];
    stretch->start_ns = samples_now_ns();
    stretch->deadline_ns = stretch->start_ns + (int64_t)(load->options->seconds * 1e9);
    for (size_t i = 0; i < load->options->connections && !is_over(stretch, stretch->start_ns); i++)
        send_next(load, &load->connections[i], stretch);
    while (stretch->answered < stretch->sent) {
        int count = epoll_wait(load->epoll, events, 64, STALL_MS);
        if (count < 0 && errno != EINTR) support_die("epoll_wait: %s", strerror(errno));
        if (count == 0)
            support_die("the server stalls: %zu requests have had no answer for %d s",
                        stretch->sent - stretch->answered, STALL_MS / 1000);
        for (int i = 0; i < count; i++)
            receive(load, events[i].data.ptr, stretch);
    }
}

static void open_connection(struct load *load, struct connection *connection, unsigned short port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    connection->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->socket < 0 ||
        connect(connection->socket, (struct sockaddr *)&address, sizeof address) < 0)
        support_die("cannot connect to port %d: %s", port, strerror(errno));
    int on = 1;
    setsockopt(connection->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, connection->socket, &event) < 0)
        support_die("epoll_ctl: %s", strerror(errno));
}

static void report(const struct options *options, struct stretch *stretch)
{
    double seconds = (double)(stretch->end_ns - stretch->start_ns) / 1e9;
    printf("kind=%s connections=%zu requests=%zu seconds=%.3f rate=%.0f p50_ms=%.3f p99_ms=%.3f "
           "max_ms=%.3f\n",
           options->kind_name, options->connections, stretch->answered, seconds,
           (double)stretch->answered / seconds, samples_quantile_ms(&stretch->samples, 0.5),
           samples_quantile_ms(&stretch->samples, 0.99), samples_quantile_ms(&stretch->samples, 1));
}

/* Replays and reads need invoices that are there: these are created before the clock starts. */
static void prepare(struct load *load)
{
    enum request_kind kind = load->options->kind;
    if (load->options->assume_created || (kind != REQUEST_REPLAY && kind != REQUEST_READ)) return;
    struct options options = *load->options;
    options.save_reply = NULL;
    struct load before = *load;
    before.options = &options;
    struct stretch stretch = {.kind = REQUEST_CREATE_V7, .limit = options.settings.known};
    run_stretch(&before, &stretch);
    samples_clear(&stretch.samples);
}

static void run(const struct options *options)
{
    struct load load = {.options = options, .requests = requests_new(&options->settings)};
    load.connections = calloc(options->connections, sizeof *load.connections);
    load.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!load.connections || load.epoll < 0) support_die("out of memory");
    for (size_t i = 0; i < options->connections; i++)
        open_connection(&load, &load.connections[i], options->ports[i % options->port_count]);
    prepare(&load);
    struct stretch stretch = {.kind = options->kind, .limit = options->requests};
    run_stretch(&load, &stretch);
    report(options, &stretch);
    for (size_t i = 0; i < options->connections; i++)
        close(load.connections[i].socket);
    close(load.epoll);
    samples_clear(&stretch.samples);
    free(load.connections);
    requests_free(load.requests);
}

static void usage(FILE *out)
{
    fputs(
        "usage: bench-load --port PORT... --token TOKEN --kind KIND [OPTION]...\n"
        "  --port PORT         on 127.0.0.1; several: the connections take them in turn\n"
        "  --tenants N         requests of so many tenants in turn, whose tokens are TOKEN-0000,\n"
        "                      TOKEN-0001 and so on\n"
        "  --kind KIND         create-v7, create-v4, replay, read or get\n"
        "  --connections N     keep-alive connections, one request outstanding on each (64)\n"
        "  --requests N        so many requests, or\n"
        "  --seconds S         for so long (2)\n"
        "  --lines N           lines of each invoice (1)\n"
        "  --known N           invoices that are created first, to be replayed or read (5000)\n"
        "  --assume-created    create none first: any key will do for a replay\n"
        "  --path PATH         what get asks for (/healthz)\n"
        "  --save-reply FILE   keep the first reply as it came\n",
        out);
}

static size_t number(const char *name, const char *text, size_t most)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*end || end == text || value < 1 || value > most) {
        fprintf(stderr, "bench-load: --%s takes a number from 1 to %zu\n", name, most);
        exit(2);
    }
    return value;
}

static void set_kind(struct options *options, const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (strcmp(kinds[i].name, name) != 0) continue;
        options->kind = kinds[i].kind;
        options->kind_name = kinds[i].name;
        return;
    }
    fprintf(stderr, "bench-load: unknown kind '%s'\n", name);
    exit(2);
}

static void set_option(struct options *options, int option, const char *name, const char *value)
{
    switch (option) {
    case 'p':
        if (options->port_count == PORTS_MAX) support_die("more than %d ports", PORTS_MAX);
        options->ports[options->port_count++] = (unsigned short)number(name, value, 65535);
        options->settings.port = options->ports[0];
        return;
    case 'm':
        options->settings.tenants = number(name, value, TENANTS_MAX);
        return;
    case 't':
        options->settings.token = value;
        return;
    case 'k':
        set_kind(options, value);
        return;
    case 'c':
        options->connections = number(name, value, CONNECTIONS_MAX);
        return;
    case 'r':
        options->requests = number(name, value, 999999999);
        return;
    case 's':
        options->seconds = strtod(value, NULL);
        return;
    case 'l':
        options->settings.lines = number(name, value, 200);
        return;
    case 'n':
        options->settings.known = number(name, value, 10000000);
        return;
    case 'a':
        options->assume_created = true;
        return;
    case 'g':
        options->settings.path = value;
        return;
    case 'f':
        options->save_reply = value;
        return;
    case 'h':
        usage(stdout);
        exit(0);
    default:
        usage(stderr);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    static const struct option names[] = {
        {"port", required_argument, NULL, 'p'},
        {"token", required_argument, NULL, 't'},
        {"tenants", required_argument, NULL, 'm'},
        {"kind", required_argument, NULL, 'k'},
        {"connections", required_argument, NULL, 'c'},
        {"requests", required_argument, NULL, 'r'},
        {"seconds", required_argument, NULL, 's'},
        {"lines", required_argument, NULL, 'l'},
        {"known", required_argument, NULL, 'n'},
        {"assume-created", no_argument, NULL, 'a'},
        {"path", required_argument, NULL, 'g'},
        {"save-reply", required_argument, NULL, 'f'},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    struct options options = {.connections = 64,
                              .seconds = 2,
                              .settings = {.lines = 1, .known = 5000, .path = "/healthz"}};
    int option, index = 0;
    while ((option = getopt_long(argc, argv, "", names, &index)) != -1)
        set_option(&options, option, option == '?' ? "" : names[index].name, optarg);
    if (optind < argc || !options.port_count || !options.settings.token || !options.kind_name) {
        usage(stderr);
        return 2;
    }
    run(&options);
    return 0;
}
