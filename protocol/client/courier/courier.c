#include "protocol/client/courier/courier.h"

#include "protocol/client/clock.h"
#include "protocol/client/courier/courier_reply.h"
#include "protocol/client/origin.h"
#include "protocol/wire/idempotency_key.h"
#include "protocol/wire/message.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_MAX   (64 * 1024) /* bytes of all the headers of one reply */
#define HOPS_MAX      1
#define WATCHED_MAX   16 /* descriptors of the caller's */
#define BODY_CAPACITY 4096
#define SILENCE_MAX_MS                                                                             \
    40000             /* of a body that is followed: its server says something every 15 s          \
                       */
#define PASSES_MAX 64 /* over what has come already, before a call is out of time */

struct courier {
    CURLM *multi;
    struct origin origin;
    char *authorization; /* the whole header; NULL: none */
    char *ca_file;
    int64_t connect_timeout_ms;
    int64_t attempt_timeout_ms;
    struct courier_call *calls;
};

struct courier_call {
    struct courier *courier;
    struct courier_call *next, *previous;
    CURL *easy;
    struct curl_slist *headers;
    courier_done *done;
    courier_hear *hear; /* NULL: the body is kept */
    void *context;
    int64_t deadline_ms; /* judged once what came in time is read: move_on */
    unsigned hops;
    bool sent;          /* a connection stood and the request began to leave */
    bool once;          /* a POST: another beginning would be libcurl's own */
    bool begun;         /* on this hop */
    bool headers_ended; /* of the final response */
    bool too_long;
    size_t header_bytes;
    char *body;
    size_t length, capacity;
};

static CURLcode global_result = CURLE_FAILED_INIT;

static void set_up_once(void)
{
    struct sigaction now;
    /* A server that closes early must not end the program: OpenSSL writes without MSG_NOSIGNAL. */
    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
        struct sigaction ignore = {.sa_handler = SIG_IGN};
        if (sigaction(SIGPIPE, &ignore, NULL) != 0) return;
    }
    global_result = curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* --- the courier --- */

static bool token_fits_a_header(const char *token)
{
    for (; *token != '\0'; token++)
        if (*token < 0x21 || *token > 0x7E) return false;
    return true;
}

static bool check_options(const struct courier_options *options, struct origin *origin,
                          char sentence[COURIER_SENTENCE_MAX])
{
    if (!origin_read(options->server, origin)) {
        snprintf(
            sentence, COURIER_SENTENCE_MAX,
            N_("The server \"%.80s\" is no address like https://host or http://127.0.0.1:8420."),
            options->server);
        return false;
    }
    if (!origin->encrypted && !origin->loopback && !options->insecure) {
        snprintf(
            sentence, COURIER_SENTENCE_MAX,
            N_("%.80s is not encrypted and not on this machine: anyone on the way could read the "
               "token. Use https, or --insecure to send it all the same."),
            origin->text);
        return false;
    }
    if (options->token != NULL && !token_fits_a_header(options->token)) {
        snprintf(sentence, COURIER_SENTENCE_MAX,
                 N_("The token holds a space or another character that no token has."));
        return false;
    }
    return true;
}

static bool copy_options(struct courier *courier, const struct courier_options *options)
{
    courier->connect_timeout_ms =
        options->connect_timeout_ms > 0 ? options->connect_timeout_ms : 3000;
    courier->attempt_timeout_ms =
        options->attempt_timeout_ms > 0 ? options->attempt_timeout_ms : 10000;
    if (options->ca_file != NULL && (courier->ca_file = strdup(options->ca_file)) == NULL)
        return false;
    if (options->token == NULL || *options->token == '\0') return true;
    if (asprintf(&courier->authorization, "Authorization: Bearer %s", options->token) < 0) {
        courier->authorization = NULL;
        return false;
    }
    return true;
}

struct courier *courier_new(const struct courier_options *options,
                            char sentence[COURIER_SENTENCE_MAX])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (pthread_once(&once, set_up_once) != 0 || global_result != CURLE_OK) {
        snprintf(sentence, COURIER_SENTENCE_MAX, N_("The HTTP library could not be started."));
        return NULL;
    }
    struct origin origin;
    if (!check_options(options, &origin, sentence)) return NULL;
    struct courier *courier = calloc(1, sizeof *courier);
    if (courier != NULL && copy_options(courier, options) &&
        (courier->multi = curl_multi_init()) != NULL) {
        courier->origin = origin;
        return courier;
    }
    courier_free(courier);
    snprintf(sentence, COURIER_SENTENCE_MAX, N_("Out of memory."));
    return NULL;
}

const char *courier_server(const struct courier *courier)
{
    return courier->origin.text;
}

static void free_call(struct courier_call *call)
{
    if (call->easy != NULL) curl_multi_remove_handle(call->courier->multi, call->easy);
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    free(call->body);
    free(call);
}

static void unlink_call(struct courier_call *call)
{
    if (call->previous != NULL)
        call->previous->next = call->next;
    else
        call->courier->calls = call->next;
    if (call->next != NULL) call->next->previous = call->previous;
}

void courier_free(struct courier *courier)
{
    if (courier == NULL) return;
    while (courier->calls != NULL)
        courier_cancel(courier->calls);
    curl_multi_cleanup(courier->multi);
    if (courier->authorization != NULL)
        explicit_bzero(courier->authorization, strlen(courier->authorization));
    free(courier->authorization);
    free(courier->ca_file);
    free(courier);
}

/* --- what libcurl calls back --- */

static bool is_heard(const struct courier_call *call)
{
    long status = 0;
    return call->hear != NULL &&
           curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
           status == 200;
}

static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
    struct courier_call *call = context;
    (void)one; /* always 1 */
    if (is_heard(call)) {
        call->deadline_ms = clock_monotonic_ms() + SILENCE_MAX_MS;
        return call->hear(call->context, bytes, count) ? count : 0;
    }
    if (count > REPLY_BODY_MAX - call->length) {
        call->too_long = true;
        return 0;
    }
    size_t needed = call->length + count + 1;
    if (needed > call->capacity) {
        size_t capacity = call->capacity > 0 ? call->capacity * 2 : BODY_CAPACITY;
        if (capacity < needed) capacity = needed;
        char *body = realloc(call->body, capacity);
        if (body == NULL) return 0;
        call->body = body;
        call->capacity = capacity;
    }
    memcpy(call->body + call->length, bytes, count);
    call->length += count;
    call->body[call->length] = '\0';
    return count;
}

/* libcurl takes a response whose headers stop in the middle for a whole one; the empty line that
 * ends them tells. */
static size_t take_header(char *bytes, size_t one, size_t count, void *context)
{
    struct courier_call *call = context;
    (void)one;
    if (count > HEADERS_MAX - call->header_bytes) {
        call->too_long = true;
        return 0;
    }
    call->header_bytes += count;
    call->headers_ended = *bytes == '\r' || *bytes == '\n';
    return count;
}

/* The connection stands, TLS and proxy included; from here on bytes of the request may leave. Where
 * a reused connection gave nothing back, libcurl comes here again to send the same once more. */
static int about_to_send(void *context, char *ip, char *local_ip, int port, int local_port)
{
    struct courier_call *call = context;
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    bool late = call->deadline_ms <= clock_monotonic_ms();
    if (late || (call->once && call->begun)) return CURL_PREREQFUNC_ABORT;
    call->sent = call->begun = true;
    return CURL_PREREQFUNC_OK;
}

/* --- one call --- */

static bool add_header(struct courier_call *call, const char *line)
{
    struct curl_slist *longer = curl_slist_append(call->headers, line);
    if (longer == NULL) return false;
    call->headers = longer;
    return true;
}

static bool add_key(struct courier_call *call, const char *key)
{
    char value[IDEMPOTENCY_KEY_HEADER_SIZE];
    char line[sizeof "Idempotency-Key: " + IDEMPOTENCY_KEY_HEADER_SIZE];
    idempotency_key_to_header(key, value);
    snprintf(line, sizeof line, "Idempotency-Key: %s", value);
    return add_header(call, line);
}

static bool add_headers(struct courier_call *call, const struct courier_request *request)
{
    const char *authorization = call->courier->authorization;
    return add_header(call, "Accept: application/json, application/problem+json") &&
           (authorization == NULL || add_header(call, authorization)) &&
           (request->key == NULL || add_key(call, request->key)) &&
           (request->body == NULL ||
            (add_header(call, "Content-Type: application/json") && add_header(call, "Expect:")));
}

#define SET(option, value)                                                                         \
    do {                                                                                           \
        if (curl_easy_setopt(easy, option, value) != CURLE_OK) return false;                       \
    } while (0)

/* HTTP/1.1 alone: over HTTP/2 libcurl repeats a refused stream by itself. Its own time limit is not
 * asked for: it looks at the clock before it looks at the socket, where the reply may lie already.
 */
static bool set_transport(CURL *easy, const struct courier *courier)
{
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* quitting doesn't wait for a name server */
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE); /* a proxy's CONNECT gets none of ours */
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)courier->connect_timeout_ms);
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)REPLY_BODY_MAX);
    SET(CURLOPT_USERAGENT, "invonce/" INVONCE_VERSION);
    if (courier->ca_file != NULL) SET(CURLOPT_CAINFO, courier->ca_file);
    if (!courier->origin.encrypted) SET(CURLOPT_PROXY, "");
    return true;
}

static bool set_callbacks(CURL *easy, struct courier_call *call)
{
    SET(CURLOPT_PRIVATE, call);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, call);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, call);
    SET(CURLOPT_PREREQFUNCTION, about_to_send);
    SET(CURLOPT_PREREQDATA, call);
    SET(CURLOPT_HTTPHEADER, call->headers);
    if (call->hear == NULL) return true;
    SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)0);
    return true;
}

static bool set_request(CURL *easy, const char *server, const struct courier_request *request)
{
    char *url = NULL;
    if (asprintf(&url, "%s%s", server, request->path) < 0) return false;
    CURLcode result = curl_easy_setopt(easy, CURLOPT_URL, url);
    free(url);
    if (result != CURLE_OK) return false;
    if (request->method != NULL) SET(CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body == NULL) return true;
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDS, request->body);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    SET(CURLOPT_FRESH_CONNECT, request->may_reuse ? 0L : 1L);
    SET(CURLOPT_FORBID_REUSE, request->may_reuse ? 0L : 1L);
    return true;
}

struct courier_call *courier_send(struct courier *courier, const struct courier_request *request,
                                  courier_done *done, void *context)
{
    struct courier_call *call = calloc(1, sizeof *call);
    if (call == NULL) return NULL;
    call->courier = courier;
    call->done = done;
    call->hear = request->hear;
    call->context = context;
    call->once = request->body != NULL;
    call->deadline_ms =
        clock_monotonic_ms() + (call->hear != NULL ? SILENCE_MAX_MS : courier->attempt_timeout_ms);
    call->easy = curl_easy_init();
    if (call->easy == NULL || !add_headers(call, request) || !set_transport(call->easy, courier) ||
        !set_callbacks(call->easy, call) ||
        !set_request(call->easy, courier->origin.text, request) ||
        curl_multi_add_handle(courier->multi, call->easy) != CURLM_OK) {
        free_call(call);
        return NULL;
    }
    call->next = courier->calls;
    if (call->next != NULL) call->next->previous = call;
    courier->calls = call;
    return call;
}

void courier_cancel(struct courier_call *call)
{
    unlink_call(call);
    free_call(call);
}

/* --- how it ended --- */

/* True when it goes on, to where the server sent it within its own origin. */
static bool follow(struct courier_call *call)
{
    long status = 0;
    char *url = NULL;
    struct origin origin;
    if (curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK ||
        (status != 307 && status != 308) || call->hops >= HOPS_MAX)
        return false;
    if (curl_easy_getinfo(call->easy, CURLINFO_REDIRECT_URL, &url) != CURLE_OK || url == NULL ||
        !origin_of_url(url, &origin) || strcmp(origin.text, call->courier->origin.text) != 0)
        return false;
    if (call->deadline_ms <= clock_monotonic_ms() ||
        curl_easy_setopt(call->easy, CURLOPT_URL, url) != CURLE_OK)
        return false;
    call->hops++;
    call->begun = false;
    call->length = 0;
    if (call->body != NULL) *call->body = '\0';
    call->header_bytes = 0;
    call->headers_ended = false;
    return curl_multi_add_handle(call->courier->multi, call->easy) == CURLM_OK;
}

static struct reply reply_of(struct courier_call *call, CURLcode result,
                             char media_type[COURIER_MEDIA_TYPE_SIZE])
{
    if (result == CURLE_OK && call->headers_ended) {
        struct reply reply = {.fate = REPLY_WHOLE,
                              .body = call->body != NULL ? call->body : "",
                              .length = call->length};
        courier_reply_headers(call->easy, &reply, media_type);
        reply.redirected = call->hops > 0;
        return reply;
    }
    return (struct reply){
        .fate = call->sent ? REPLY_UNKNOWN : REPLY_NOT_SENT,
        .error = call->too_long ? N_("the answer was too long")
                                : courier_reply_words(call->easy, result, call->sent),
        .media_type = "",
        .retry_after_ms = -1,
        .body = "",
    };
}

static void finish(struct courier_call *call, CURLcode result)
{
    curl_multi_remove_handle(call->courier->multi, call->easy);
    if (result == CURLE_OK && call->headers_ended && follow(call)) return;
    char media_type[COURIER_MEDIA_TYPE_SIZE];
    struct reply reply = reply_of(call, result, media_type);
    unlink_call(call);
    call->done(call->context, &reply);
    free_call(call);
}

/* Moves all calls on by what is there now. */
static bool perform(struct courier *courier)
{
    int running = 0, left = 0;
    if (curl_multi_perform(courier->multi, &running) != CURLM_OK) return false;
    for (CURLMsg *message; (message = curl_multi_info_read(courier->multi, &left)) != NULL;) {
        struct courier_call *call = NULL;
        CURLcode result = message->data.result;
        if (message->msg != CURLMSG_DONE) continue;
        if (curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call) != CURLE_OK)
            return false;
        finish(call, result);
    }
    return true;
}

static struct courier_call *late_call(const struct courier *courier, int64_t now_ms)
{
    struct courier_call *call = courier->calls;
    while (call != NULL && call->deadline_ms > now_ms)
        call = call->next;
    return call;
}

static bool has_more(struct courier *courier)
{
    int ready = 0;
    long due_ms = -1;
    return (curl_multi_timeout(courier->multi, &due_ms) == CURLM_OK && due_ms == 0) ||
           (curl_multi_poll(courier->multi, NULL, 0, 0, &ready) == CURLM_OK && ready > 0);
}

/* A program that was stopped past a deadline may find the reply in its socket: only who has nothing
 * there is out of time. */
static bool move_on(struct courier *courier)
{
    int64_t now_ms = clock_monotonic_ms(); /* what comes later is no matter of this judgement */
    if (!perform(courier)) return false;
    for (int pass = 0; pass < PASSES_MAX && late_call(courier, now_ms) != NULL && has_more(courier);
         pass++)
        if (!perform(courier)) return false;
    for (struct courier_call *late; (late = late_call(courier, now_ms)) != NULL;)
        finish(late, CURLE_OPERATION_TIMEDOUT);
    return true;
}

/* As long as asked for, but not past the next deadline. */
static int wait_ms(const struct courier *courier, int timeout_ms)
{
    int64_t wait = timeout_ms < 0 ? INT_MAX : timeout_ms;
    int64_t now_ms = courier->calls != NULL ? clock_monotonic_ms() : 0;
    for (const struct courier_call *call = courier->calls; call != NULL; call = call->next) {
        int64_t left_ms = call->deadline_ms > now_ms ? call->deadline_ms - now_ms : 0;
        if (left_ms < wait) wait = left_ms;
    }
    return (int)wait;
}

/* Asked again, as libcurl doesn't tell of a descriptor that only hung up. */
static void tell_readable(const int *fds, bool *readable, size_t count)
{
    struct pollfd polled[WATCHED_MAX];
    for (size_t i = 0; i < count; i++)
        polled[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
    int ready = poll(polled, (nfds_t)count, 0);
    for (size_t i = 0; i < count; i++)
        readable[i] = ready > 0 && polled[i].revents != 0;
}

bool courier_poll(struct courier *courier, const int *fds, bool *readable, size_t count,
                  int timeout_ms)
{
    struct curl_waitfd watched[WATCHED_MAX];
    int ready = 0;
    if (count > WATCHED_MAX) return false;
    for (size_t i = 0; i < count; i++) {
        watched[i] = (struct curl_waitfd){.fd = fds[i], .events = CURL_WAIT_POLLIN};
    }
    if (curl_multi_poll(courier->multi, watched, (unsigned)count, wait_ms(courier, timeout_ms),
                        &ready) != CURLM_OK)
        return false;
    bool told = false;
    for (size_t i = 0; i < count; i++) {
        readable[i] = watched[i].revents != 0;
        told = told || readable[i];
    }
    if (ready > 0 && count > 0 && !told) tell_readable(fds, readable, count);
    return courier->calls == NULL || move_on(courier);
}
