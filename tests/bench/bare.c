/* What libmicrohttpd can do at best: a handler that answers every request with the same reply, read
 * from a file as it was once on the wire, and does nothing else. */
#include "tests/support/support.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONNECTIONS_MAX 1100
#define REPLY_MAX       65536
#define HEADERS_MAX     16

struct header {
    const char *name, *value;
};

struct answer {
    unsigned status;
    struct header headers[HEADERS_MAX];
    size_t header_count;
    char *body;
    size_t length;
};

/* libmicrohttpd makes these itself. */
static bool is_its_own(const char *name)
{
    return strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Date") == 0 ||
           strcasecmp(name, "Connection") == 0;
}

static void add_header(struct answer *answer, char *line)
{
    char *value = strstr(line, ": ");
    if (!value || answer->header_count == HEADERS_MAX) support_die("no header: %s", line);
    *value = '\0';
    if (!is_its_own(line))
        answer->headers[answer->header_count++] = (struct header){line, value + 2};
}

/* `text` is a whole HTTP/1.1 reply; it is taken apart in place and must last. */
static struct answer read_answer(char *text, size_t length)
{
    char *end = memmem(text, length, "\r\n\r\n", 4);
    if (!end || strncmp(text, "HTTP/1.1 ", 9) != 0) support_die("the file holds no HTTP reply");
    struct answer answer = {.status = (unsigned)strtoul(text + 9, NULL, 10), .body = end + 4};
    answer.length = length - (size_t)(answer.body - text);
    for (char *line = strstr(text, "\r\n"); line < end;) {
        line += 2;
        char *line_end = strstr(line, "\r\n");
        *line_end = '\0';
        add_header(&answer, line);
        line = line_end;
    }
    return answer;
}

/* A response is made for each request, as a handler must whose replies are not all the same. */
static enum MHD_Result reply(struct MHD_Connection *connection, const struct answer *answer)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(answer->length, answer->body, MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = response ? MHD_YES : MHD_NO;
    for (size_t i = 0; result == MHD_YES && i < answer->header_count; i++)
        result =
            MHD_add_response_header(response, answer->headers[i].name, answer->headers[i].value);
    if (result == MHD_YES) result = MHD_queue_response(connection, answer->status, response);
    if (response) MHD_destroy_response(response);
    return result;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **request)
{
    static int begun;
    const struct answer *answer = context;
    (void)url, (void)method, (void)version, (void)upload;
    if (!*request) {
        *request = &begun;
        return MHD_YES;
    }
    if (*upload_size > 0) {
        *upload_size = 0;
        return MHD_YES;
    }
    return reply(connection, answer);
}

static void serve(struct answer *answer, unsigned threads)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD, 0, NULL, NULL, handle, answer,
                         MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_THREAD_POOL_SIZE, threads,
                         MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, MHD_OPTION_END);
    if (!daemon) support_die("cannot listen: %s", strerror(errno));
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    printf("listening on http://127.0.0.1:%d\n", info->port);
    fflush(stdout);
    int signal;
    sigwait(&stop, &signal);
    MHD_stop_daemon(daemon);
}

int main(int argc, char **argv)
{
    static char text[REPLY_MAX];
    unsigned threads = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    if (threads < 2) { /* a pool has two at least */
        fputs("usage: bench-bare FILE THREADS\n"
              "  FILE     a reply as bench-load --save-reply keeps it\n"
              "  THREADS  of the pool, 2 or more\n",
              stderr);
        return 2;
    }
    FILE *file = fopen(argv[1], "re");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (!file || ferror(file)) support_die("cannot read %s", argv[1]);
    fclose(file);
    struct answer answer = read_answer(text, length);
    serve(&answer, threads);
    return 0;
}
