#include "mock_server/deliveries/post.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/idempotency_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX     ((size_t)64 * 1024) /* bytes of head and body that are listened to */
#define CONNECT_MAX_MS 5000

struct post {
    CURL *easy;
    struct curl_slist *headers;
    char *body;
    void *owner;
    size_t heard;
    bool begun;    /* something may have been sent */
    bool answered; /* the answer's head came whole */
};

/* --- what comes back --- */

static size_t hear(struct post *post, size_t length)
{
    post->heard += length;
    return post->heard > ANSWER_MAX ? CURL_WRITEFUNC_ERROR : length;
}

static size_t take_head(char *bytes, size_t size, size_t length, void *context)
{
    struct post *post = context;
    long status = 0;
    curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
    bool is_end = size * length == 2 && memcmp(bytes, "\r\n", 2) == 0;
    post->answered = post->answered || (is_end && status >= 200);
    return hear(post, size * length);
}

static size_t take_body(char *bytes, size_t size, size_t length, void *context)
{
    (void)bytes;
    return hear(context, size * length);
}

/* Connected, through TLS too. */
static int about_to_send(void *context, char *remote, char *local, int remote_port, int local_port)
{
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    ((struct post *)context)->begun = true;
    return CURL_PREREQFUNC_OK;
}

/* --- what is sent --- */

static bool add_header(struct post *post, const char *line)
{
    struct curl_slist *longer = curl_slist_append(post->headers, line);
    post->headers = longer ? longer : post->headers;
    return longer;
}

static bool add_line(struct post *post, const char *name, const char *value)
{
    char *line = NULL;
    if (asprintf(&line, "%s: %s", name, value) < 0) {
        return false;
    }
    bool ok = add_header(post, line);
    free(line);
    return ok;
}

static bool add_signature(struct post *post, const struct receiver *receiver,
                          const struct post_request *request)
{
    int64_t now_s = clock_now_ms() / 1000;
    char signature[SIGNATURE_SIZE], timestamp[24];
    snprintf(timestamp, sizeof timestamp, "%lld", (long long)now_s);
    return receiver_sign(receiver, request->event_id, now_s, request->body, request->length,
                         signature) &&
           add_line(post, "webhook-id", request->event_id) &&
           add_line(post, "webhook-timestamp", timestamp) &&
           add_line(post, "webhook-signature", signature);
}

static bool add_headers(struct post *post, const struct receiver *receiver,
                        const struct post_request *request)
{
    char key[IDEMPOTENCY_KEY_HEADER_SIZE];
    idempotency_key_to_header(request->event_id, key);
    return add_header(post, "Content-Type: application/json") && add_header(post, "Expect:") &&
           add_line(post, "Idempotency-Key", key) &&
           (!receiver->authorization || add_header(post, receiver->authorization)) &&
           (receiver->secret_length == 0 || add_signature(post, receiver, request));
}

/* CURLE_OK is 0: what is refused is told once, behind the last one. */
#define SET(option, value) (refused |= (int)curl_easy_setopt(post->easy, option, value))

static bool set_transport(struct post *post, const struct receiver *receiver, int64_t timeout_ms)
{
    int refused = 0;
    SET(CURLOPT_URL, receiver->url);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_QUICK_EXIT, 1L); /* a stop doesn't wait for a name server */
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE); /* a proxy's CONNECT gets none of ours */
    SET(CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS,
        (long)(timeout_ms < CONNECT_MAX_MS ? timeout_ms : CONNECT_MAX_MS));
    SET(CURLOPT_USERAGENT, "invonce/" INVONCE_VERSION);
    if (receiver->ca_file) {
        SET(CURLOPT_CAINFO, receiver->ca_file);
    }
    if (receiver->is_plain) {
        SET(CURLOPT_PROXY, ""); /* loopback is ours alone */
    }
    return refused == 0;
}

static bool set_request(struct post *post, size_t length)
{
    int refused = 0;
    SET(CURLOPT_PRIVATE, post);
    SET(CURLOPT_HTTPHEADER, post->headers);
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDS, post->body);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    SET(CURLOPT_WRITEFUNCTION, take_body);
    SET(CURLOPT_WRITEDATA, post);
    SET(CURLOPT_HEADERFUNCTION, take_head);
    SET(CURLOPT_HEADERDATA, post);
    SET(CURLOPT_PREREQFUNCTION, about_to_send);
    SET(CURLOPT_PREREQDATA, post);
    return refused == 0;
}

struct post *post_begin(CURLM *multi, const struct receiver *receiver,
                        const struct post_request *request)
{
    struct post *post = calloc(1, sizeof(struct post));
    if (!post) {
        free(request->body);
        return NULL;
    }
    post->body = request->body;
    post->owner = request->owner;
    post->easy = curl_easy_init();
    if (post->easy && add_headers(post, receiver, request) &&
        set_transport(post, receiver, request->timeout_ms) && set_request(post, request->length) &&
        curl_multi_add_handle(multi, post->easy) == CURLM_OK) {
        return post;
    }
    post_end(post, multi);
    return NULL;
}

struct post *post_of(CURL *easy)
{
    char *post = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &post);
    return (struct post *)(void *)post;
}

void *post_owner(const struct post *post)
{
    return post->owner;
}

void post_end(struct post *post, CURLM *multi)
{
    if (post->easy) {
        curl_multi_remove_handle(multi, post->easy);
    }
    curl_easy_cleanup(post->easy);
    curl_slist_free_all(post->headers);
    free(post->body);
    free(post);
}

/* --- what came of it --- */

/* Of a status that isn't 2xx: later, or never as far as the receiver knows. */
static bool is_for_later(long status)
{
    return status >= 500 || status == 408 || status == 425 || status == 429;
}

static struct result answered(const struct post *post, long status)
{
    struct result result = {.verdict = VERDICT_REFUSED};
    if (status >= 200 && status < 300) {
        result.verdict = VERDICT_DELIVERED;
        return result;
    }
    curl_off_t seconds = 0;
    curl_easy_getinfo(post->easy, CURLINFO_RETRY_AFTER, &seconds);
    if (is_for_later(status)) {
        result.verdict = VERDICT_FAILED;
        result.asked_ms = seconds > 86400 ? 86400000 : seconds * 1000;
    }
    snprintf(result.trouble, sizeof result.trouble, "it answered %ld%s", status,
             status >= 300 && status < 400 ? ", and redirects are not followed" : "");
    return result;
}

struct result post_result(const struct post *post, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &status);
    if (post->answered) {
        return answered(post, status);
    }
    struct result result = {.verdict = post->begun ? VERDICT_FAILED : VERDICT_UNREACHED};
    if (code == CURLE_OPERATION_TIMEDOUT) {
        snprintf(result.trouble, sizeof result.trouble, "%s in time",
                 post->begun ? "it did not answer" : "no connection came about");
    } else {
        snprintf(result.trouble, sizeof result.trouble, "%s: %s",
                 post->begun ? "its answer did not come" : "it cannot be reached",
                 curl_easy_strerror(code));
    }
    return result;
}
