#include "protocol/client/courier/courier_reply.h"

#include "protocol/wire/message.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* Borrowed until the handle is used again; NULL unless it is there exactly once. */
static const char *header(CURL *easy, const char *name)
{
    struct curl_header *found = NULL;
    if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK) return NULL;
    return found->amount == 1 ? found->value : NULL;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static void read_media_type(const char *value, char media_type[COURIER_MEDIA_TYPE_SIZE])
{
    size_t length = value != NULL ? strcspn(value, ";") : 0;
    while (length > 0 && is_space(value[length - 1]))
        length--;
    if (length >= COURIER_MEDIA_TYPE_SIZE) length = 0;
    for (size_t i = 0; i < length; i++)
        media_type[i] =
            value[i] >= 'A' && value[i] <= 'Z' ? (char)(value[i] - 'A' + 'a') : value[i];
    media_type[length] = '\0';
}

/* RFC 9110 section 10.2.3: seconds, or a date. */
static int64_t read_retry_after_ms(const char *value)
{
    if (value == NULL || *value == '\0') return -1;
    size_t digits = strspn(value, "0123456789");
    if (value[digits] == '\0') {
        int64_t seconds = 0;
        for (size_t i = 0; i < digits && seconds < INT32_MAX; i++)
            seconds = seconds * 10 + (value[i] - '0');
        return seconds * 1000;
    }
    time_t then = curl_getdate(value, NULL);
    if (then == (time_t)-1) return -1;
    time_t now = time(NULL);
    return then > now ? (int64_t)(then - now) * 1000 : 0;
}

void courier_reply_headers(CURL *easy, struct reply *reply,
                           char media_type[COURIER_MEDIA_TYPE_SIZE])
{
    long status = 0;
    if (curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK) status = 0;
    const char *replayed = header(easy, "Idempotent-Replayed");
    read_media_type(header(easy, "Content-Type"), media_type);
    reply->status = (int)status;
    reply->media_type = media_type;
    reply->replayed = replayed != NULL && strcasecmp(replayed, "true") == 0;
    reply->retry_after_ms = read_retry_after_ms(header(easy, "Retry-After"));
}

static const struct {
    CURLcode code;
    const char *words;
} ERRORS[] = {
    {CURLE_COULDNT_RESOLVE_HOST, N_("the server's name was not found")},
    {CURLE_COULDNT_RESOLVE_PROXY, N_("the proxy's name was not found")},
    {CURLE_GOT_NOTHING, N_("no answer")},
    {CURLE_OK, N_("half an answer")},
    {CURLE_PARTIAL_FILE, N_("half an answer")},
    {CURLE_SEND_ERROR, N_("the connection broke")},
    {CURLE_RECV_ERROR, N_("the connection broke")},
    {CURLE_SSL_CONNECT_ERROR, N_("no encrypted connection")},
    {CURLE_PEER_FAILED_VERIFICATION, N_("the server's certificate is not trusted")},
    {CURLE_SSL_CACERT_BADFILE, N_("the file of trusted certificates can't be read")},
    {CURLE_FILESIZE_EXCEEDED, N_("the answer was too long")},
    {CURLE_UNSUPPORTED_PROTOCOL, N_("the answer was not HTTP")},
    {CURLE_WEIRD_SERVER_REPLY, N_("the answer was not HTTP")},
    {CURLE_OUT_OF_MEMORY, N_("out of memory")},
    {CURLE_WRITE_ERROR, N_("out of memory")},
};

static const char *words_of_connect(CURL *easy)
{
    long os_error = 0;
    if (curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_error) != CURLE_OK) os_error = 0;
    switch (os_error) {
    case ECONNREFUSED:
        return N_("connection refused");
    case ENETUNREACH:
    case EHOSTUNREACH:
        return N_("no network");
    default:
        return N_("no connection");
    }
}

const char *courier_reply_words(CURL *easy, CURLcode result, bool sent)
{
    /* Aborted: courier_call.c keeps libcurl from sending it again, or too late. */
    if (result == CURLE_OPERATION_TIMEDOUT || result == CURLE_ABORTED_BY_CALLBACK)
        return sent ? N_("no answer") : N_("no connection in time");
    if (result == CURLE_COULDNT_CONNECT) return words_of_connect(easy);
    for (size_t i = 0; i < sizeof ERRORS / sizeof ERRORS[0]; i++)
        if (ERRORS[i].code == result) return ERRORS[i].words;
    return N_("the connection failed");
}
