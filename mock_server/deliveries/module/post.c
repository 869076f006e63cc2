/* A module of the server's: posts, by libcurl. */
#include "mock_server/deliveries/post.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX     ((size_t)64 * 1024) /* bytes of head and body that are listened to */
#define CONNECT_MAX_MS 5000

extern const struct poster INVONCE_POSTER;

struct posts {
    CURLM *multi;
};

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

static bool add_headers(struct post *post, const char *const *lines)
{
    bool ok = add_header(post, "Expect:");
    for (; ok && *lines; lines++) {
        ok = add_header(post, *lines);
    }
    return ok;
}

/* CURLE_OK is 0: what is refused is told once, behind the last one. */
#define SET(option, value) (refused |= (int)curl_easy_setopt(post->easy, option, value))

static bool set_transport(struct post *post, const struct post_request *request)
{
    int64_t timeout_ms = request->timeout_ms;
    int refused = 0;
    SET(CURLOPT_URL, request->url);
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
    if (request->ca_file) {
        SET(CURLOPT_CAINFO, request->ca_file);
    }
    if (request->is_plain) {
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

static void end(struct posts *posts, struct post *post)
{
    if (post->easy) {
        curl_multi_remove_handle(posts->multi, post->easy);
    }
    curl_easy_cleanup(post->easy);
    curl_slist_free_all(post->headers);
    free(post->body);
    free(post);
}

static struct post *begin(struct posts *posts, const struct post_request *request)
{
    struct post *post = calloc(1, sizeof(struct post));
    if (!post) {
        free(request->body);
        return NULL;
    }
    post->body = request->body;
    post->owner = request->owner;
    post->easy = curl_easy_init();
    if (post->easy && add_headers(post, request->headers) && set_transport(post, request) &&
        set_request(post, request->length) &&
        curl_multi_add_handle(posts->multi, post->easy) == CURLM_OK) {
        return post;
    }
    end(posts, post);
    return NULL;
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

static struct result result_of(const struct post *post, CURLcode code)
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
    } else if (post->heard > ANSWER_MAX) {
        snprintf(result.trouble, sizeof result.trouble, "its answer is too long");
    } else {
        snprintf(result.trouble, sizeof result.trouble, "%s: %s",
                 post->begun ? "its answer did not come" : "it cannot be reached",
                 curl_easy_strerror(code));
    }
    return result;
}

/* --- all of them --- */

static bool next(struct posts *posts, struct result *result, void **owner)
{
    int left = 0;
    CURLMsg *message = NULL;
    curl_multi_perform(posts->multi, &left);
    while ((message = curl_multi_info_read(posts->multi, &left))) {
        char *post = NULL;
        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &post) == CURLE_OK && post) {
            *result = result_of((struct post *)(void *)post, message->data.result);
            *owner = ((struct post *)(void *)post)->owner;
            return true;
        }
    }
    return false;
}

static void wait_for_some(struct posts *posts, int milliseconds)
{
    curl_multi_poll(posts->multi, NULL, 0, milliseconds, NULL);
}

static void wake(struct posts *posts)
{
    curl_multi_wakeup(posts->multi);
}

static void close_all(struct posts *posts)
{
    if (posts) {
        curl_multi_cleanup(posts->multi);
        free(posts);
    }
}

static struct posts *open_all(long connections)
{
    struct posts *posts = calloc(1, sizeof(struct posts));
    if (!posts) {
        return NULL;
    }
    posts->multi = curl_multi_init();
    if (!posts->multi ||
        curl_multi_setopt(posts->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections) != CURLM_OK) {
        close_all(posts);
        return NULL;
    }
    return posts;
}

/* --- where --- */

static char *part_of(CURLU *url, CURLUPart part)
{
    char *text = NULL, *copy = NULL;
    if (curl_url_get(url, part, &text, 0) == CURLUE_OK) {
        copy = strdup(text);
        curl_free(text);
    }
    return copy;
}

static bool read_address(const char *text, struct address *address)
{
    CURLU *url = curl_url();
    bool ok = url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;
    if (ok) {
        *address = (struct address){part_of(url, CURLUPART_SCHEME), part_of(url, CURLUPART_HOST),
                                    part_of(url, CURLUPART_PORT), part_of(url, CURLUPART_USER),
                                    part_of(url, CURLUPART_PASSWORD)};
    }
    curl_url_cleanup(url);
    return ok;
}

const struct poster INVONCE_POSTER = {
    .read_address = read_address,
    .open = open_all,
    .close = close_all,
    .wait = wait_for_some,
    .wake = wake,
    .next = next,
    .begin = begin,
    .end = end,
};
