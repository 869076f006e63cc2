#include "protocol/client/courier/courier_call.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/idempotency_key.h"
#include "protocol/wire/message.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADERS_MAX    (64 * 1024) /* bytes of all the headers of one reply */
#define STATUS_MIN     100
#define HOPS_MAX       1
#define BODY_CAPACITY  4096
#define SILENCE_MAX_MS 40000 /* of a followed body: its server says something every 15 s */

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
    assert(call->length <= REPLY_BODY_MAX);
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
    assert(call->header_bytes <= HEADERS_MAX);
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

/* --- what is asked of it --- */

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

/* CURLE_OK is 0: what is refused is told once, behind the last one. */
#define SET(option, value) (refused |= (int)curl_easy_setopt(easy, option, value))

/* HTTP/1.1 alone: over HTTP/2 libcurl repeats a refused stream by itself. Its own time limit is not
 * asked for: it looks at the clock before it looks at the socket, where the reply may lie already.
 */
static bool set_transport(CURL *easy, const struct courier *courier)
{
    int refused = 0;
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
    return refused == 0;
}

static bool set_callbacks(CURL *easy, struct courier_call *call)
{
    int refused = 0;
    SET(CURLOPT_PRIVATE, call);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, call);
    SET(CURLOPT_HEADERFUNCTION, take_header);
    SET(CURLOPT_HEADERDATA, call);
    SET(CURLOPT_PREREQFUNCTION, about_to_send);
    SET(CURLOPT_PREREQDATA, call);
    SET(CURLOPT_HTTPHEADER, call->headers);
    if (call->hear != NULL) SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)0);
    return refused == 0;
}

static bool set_request(CURL *easy, const char *server, const struct courier_request *request)
{
    char *url = NULL;
    if (asprintf(&url, "%s%s", server, request->path) < 0) return false;
    int refused = 0;
    SET(CURLOPT_URL, url);
    free(url);
    if (request->method != NULL) SET(CURLOPT_CUSTOMREQUEST, request->method);
    if (request->body == NULL) return refused == 0;
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDS, request->body);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    SET(CURLOPT_FRESH_CONNECT, request->may_reuse ? 0L : 1L);
    SET(CURLOPT_FORBID_REUSE, request->may_reuse ? 0L : 1L);
    return refused == 0;
}

struct courier_call *courier_call_new(struct courier *courier,
                                      const struct courier_request *request, courier_done *done,
                                      void *context)
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
    if (call->easy != NULL && add_headers(call, request) && set_transport(call->easy, courier) &&
        set_callbacks(call->easy, call) && set_request(call->easy, courier->origin.text, request))
        return call;
    courier_call_free(call);
    return NULL;
}

void courier_call_free(struct courier_call *call)
{
    if (call->easy != NULL) curl_multi_remove_handle(call->courier->multi, call->easy);
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    free(call->body);
    free(call);
}

/* --- how it ended --- */

bool courier_call_follow(struct courier_call *call)
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

struct reply courier_call_reply(struct courier_call *call, CURLcode result,
                                char media_type[COURIER_MEDIA_TYPE_SIZE])
{
    if (result == CURLE_OK && call->headers_ended) {
        struct reply reply = {.fate = REPLY_WHOLE,
                              .body = call->body != NULL ? call->body : "",
                              .length = call->length};
        courier_reply_headers(call->easy, &reply, media_type);
        reply.redirected = call->hops > 0;
        if (reply.status >= STATUS_MIN) return reply;
        result = CURLE_WEIRD_SERVER_REPLY; /* libcurl reads "HTTP/21 100" as a 1 */
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
