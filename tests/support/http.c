#include "tests/support/http.h"

#include "tests/support/exchanges.h"
#include "tests/support/headers.h"
#include "tests/support/support.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What comes, and what has gone. */
struct transfer {
    const struct http_request *request;
    struct http_reply *reply;
    struct support_buffer body;
    size_t taken, sent;
};

static bool has_room(struct transfer *transfer, size_t length)
{
    transfer->taken += length;
    return transfer->request->reply_max == 0 || transfer->taken <= transfer->request->reply_max;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    if (!has_room(transfer, size * count)) return 0;
    support_append(&transfer->body, bytes, size * count);
    return size * count;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct http_reply *reply = transfer->reply;
    size_t length = size * count;
    if (!has_room(transfer, length)) return 0;
    /* A status line starts a new reply: what a 100 Continue said doesn't count. */
    if (length > 5 && strncmp(bytes, "HTTP/", 5) == 0) {
        json_free(reply->headers);
        reply->headers = json_new_object();
    }
    headers_add(reply->headers, bytes, length);
    return length;
}

static size_t length_of_body(const struct http_request *request)
{
    return request->body_length ? request->body_length : strlen(request->body);
}

/* The next bytes of a body whose last one waits for what is to be done before it. */
static size_t give_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t left = length_of_body(transfer->request) - transfer->sent, room = size * count;
    if (left == 1) transfer->request->before_last_byte(transfer->request->context);
    size_t length = left > 1 ? left - 1 : left;
    if (length > room) length = room;
    memcpy(bytes, transfer->request->body + transfer->sent, length);
    transfer->sent += length;
    return length;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *line)
{
    struct curl_slist *grown = curl_slist_append(list, line);
    if (!grown) support_die("out of memory");
    return grown;
}

static struct curl_slist *add_named(struct curl_slist *list, const char *name, const char *value)
{
    char *line = support_format("%s%s", name, value);
    list = add_header(list, line);
    free(line);
    return list;
}

static struct curl_slist *headers_of(const struct http_request *request)
{
    struct curl_slist *list = add_header(NULL, "Expect:");
    const char *type = request->content_type ? request->content_type : "application/json";
    if (request->body) list = add_named(list, *type ? "Content-Type: " : "Content-Type:", type);
    if (request->token) list = add_named(list, "Authorization: Bearer ", request->token);
    if (request->key) {
        /* libcurl sends an empty value only in this spelling. */
        list = *request->key ? add_named(list, "Idempotency-Key: ", request->key)
                             : add_header(list, "Idempotency-Key;");
    }
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        list = add_header(list, request->headers[i]);
    return list;
}

/* To what stands before the server, wherever the URL leads. */
static struct curl_slist *way_of(const struct http_request *request)
{
    if (request->through_port == 0) return NULL;
    char *way = support_format("::127.0.0.1:%hu", request->through_port);
    struct curl_slist *list = add_header(NULL, way);
    free(way);
    return list;
}

static void set_options(CURL *curl, const struct http_request *request)
{
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                     request->timeout_ms ? request->timeout_ms : (long)PATIENCE_MS);
    if (request->through_port)
        curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    if (request->ca_file) curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file);
    if (request->old_tls) {
        curl_easy_setopt(curl, CURLOPT_SSLVERSION,
                         (long)(CURL_SSLVERSION_TLSv1_0 | CURL_SSLVERSION_MAX_TLSv1_1));
        curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=0");
    }
    if (request->body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length_of_body(request));
        if (request->before_last_byte)
            curl_easy_setopt(curl, CURLOPT_POST, 1L);
        else
            curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
    }
    if (request->method && strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else if (request->method)
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

/* The key's header as RFC 9110, 5.2 reads it, several as one. The caller's to free; NULL: none. */
static char *key_of(const struct http_request *request)
{
    static const char NAME[] = "Idempotency-Key: ";
    char *key = request->key ? support_format("%s", request->key) : NULL;
    for (size_t i = 0; request->headers && request->headers[i]; i++) {
        if (strncasecmp(request->headers[i], NAME, sizeof NAME - 1) != 0) continue;
        char *both = support_format("%s%s%s", key ? key : "", key ? ", " : "",
                                    request->headers[i] + sizeof NAME - 1);
        free(key);
        key = both;
    }
    return key;
}

static void note(const struct http_request *request, const struct http_reply *reply)
{
    char *key = key_of(request);
    const char *host = strstr(request->url, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;
    const char *sent = request->body ? request->body : "";
    exchanges_note(&(struct exchange_note){
        .method = request->method ? request->method
                  : request->body ? "POST"
                                  : "GET",
        .target = path ? path : "/",
        .key = key,
        .sent = sent,
        .sent_length = request->body_length ? request->body_length : strlen(sent),
        .status = reply->status,
        .headers = reply->headers,
        .body = reply->body,
        .length = reply->length,
    });
    free(key);
}

struct http_reply http_send(const struct http_request *request)
{
    struct http_reply reply = {.headers = json_new_object()};
    struct transfer transfer = {.request = request, .reply = &reply};
    support_append(&transfer.body, "", 0);
    CURL *curl = curl_easy_init();
    if (!curl || !reply.headers) support_die("out of memory");
    struct curl_slist *headers = headers_of(request), *way = way_of(request);
    set_options(curl, request);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_CONNECT_TO, way);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(curl, CURLOPT_READDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
    reply.error = (int)curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_slist_free_all(way);
    curl_easy_cleanup(curl);
    reply.status = (int)status;
    reply.body = transfer.body.bytes;
    reply.length = transfer.body.length;
    reply.json = json_read(reply.body, reply.length);
    if (reply.error == 0) note(request, &reply);
    return reply;
}

void http_reply_clear(struct http_reply *reply)
{
    json_free(reply->headers);
    json_free(reply->json);
    free(reply->body);
    *reply = (struct http_reply){0};
}

const char *http_header(const struct http_reply *reply, const char *name)
{
    return headers_get(reply->headers, name);
}

void http_setup(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) support_die("libcurl does not start");
}
