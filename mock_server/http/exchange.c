#include "mock_server/http/exchange.h"

#include "mock_server/base/log.h"
#include "mock_server/http/framing.h"
#include "protocol/wire/duration.h"
#include "protocol/wire/text.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const char *exchange_header(struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result take_field(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    (void)kind;
    framing_field(context, name, value ? value : "");
    return MHD_YES;
}

static void log_bad_request(const struct exchange *exchange, const char *method, const char *why)
{
    struct log_line line;
    log_begin(&line, "warn", "bad request");
    log_text(&line, "request_id", exchange->id);
    log_text(&line, "method", method);
    log_text(&line, "target", exchange->uri);
    log_text(&line, "reason", why);
    log_end(&line);
}

static void refuse_framing(struct exchange *exchange, struct framing_refusal refusal)
{
    struct json *problem = problem_new(PROBLEM_BAD_REQUEST, "%s", refusal.detail);
    json_put(problem, "status", json_new_integer(refusal.status));
    reply_problem_json(&exchange->reply, problem);
    exchange->is_last = true;
}

static void take_target(struct exchange *exchange)
{
    const char *path = framing_path(exchange->uri);
    exchange->query = strchr(exchange->uri, '?');
    if (exchange->query) {
        *exchange->query++ = '\0';
    }
    exchange->path = !path ? exchange->uri : path[0] == '/' ? path : "/";
}

bool exchange_take_head(struct exchange *exchange, const char *method, const char *target,
                        const char *version)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    struct framing framing = framing_begin(method, target, exchange->uri, version);
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_field, &framing);
    enum framing_fault fault = framing_end(&framing, method + (info ? info->header_size : 0));
    exchange->is_last = framing.is_chunked;
    if (fault != FRAMING_SOUND) {
        refuse_framing(exchange, framing_refusal(fault));
        log_bad_request(exchange, method, framing_refusal(fault).detail);
        return false;
    }
    take_target(exchange);
    return true;
}

bool exchange_is_too_large(const struct exchange *exchange)
{
    return exchange->body_arrived > JSON_BODY_MAX;
}

struct codings {
    bool others; /* than identity */
};

static enum MHD_Result take_codings(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    static const char IDENTITY[] = "identity", BETWEEN[] = ", \t";
    (void)kind;
    struct codings *codings = context;
    if (strcasecmp(name, MHD_HTTP_HEADER_CONTENT_ENCODING) != 0) {
        return MHD_YES;
    }
    for (const char *at = value + strspn(value, BETWEEN); *at != '\0' && !codings->others;) {
        size_t length = strcspn(at, BETWEEN);
        codings->others = length != sizeof IDENTITY - 1 || strncasecmp(at, IDENTITY, length) != 0;
        at += length;
        at += strspn(at, BETWEEN);
    }
    return MHD_YES;
}

bool exchange_is_encoded(const struct exchange *exchange)
{
    struct codings codings = {0};
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_codings, &codings);
    return codings.others;
}

bool exchange_check_encoding(const struct exchange *exchange, struct reply *reply)
{
    if (!exchange_is_encoded(exchange)) {
        return true;
    }
    reply_problem(reply, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
                  "Send the body as it is, without Content-Encoding.");
    reply->accept_encoding = "identity";
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    int lower = tolower((unsigned char)c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

char *exchange_decode(const char *text, size_t length, bool plus)
{
    char *decoded = malloc(length + 1);
    size_t out = 0;
    bool ok = decoded != NULL;
    errno = ok ? 0 : ENOMEM;
    for (size_t i = 0; ok && i < length; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            ok = low >= 0;
            c = ok ? (char)(high * 16 + low) : '\0';
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        ok = ok && c != '\0';
        decoded[out++] = c;
    }
    if (!ok || !text_is_utf8(decoded, out)) {
        free(decoded);
        return NULL;
    }
    decoded[out] = '\0';
    return decoded;
}

/* Decodes NAME=VALUE in place: decoded text is never longer. */
static bool read_parameter(struct exchange *exchange, char *pair)
{
    if (exchange->parameter_count == EXCHANGE_QUERY_MAX) {
        errno = 0;
        return false;
    }
    char *value = strchr(pair, '=');
    if (value) {
        *value++ = '\0';
    } else {
        value = pair + strlen(pair);
    }
    char *parts[] = {pair, value};
    for (size_t i = 0; i < 2; i++) {
        char *decoded = exchange_decode(parts[i], strlen(parts[i]), true);
        if (!decoded) {
            return false;
        }
        memcpy(parts[i], decoded, strlen(decoded) + 1);
        free(decoded);
    }
    exchange->parameters[exchange->parameter_count++] = (struct query_parameter){pair, value};
    return true;
}

static bool read_query(struct exchange *exchange)
{
    char *rest = exchange->query, *pair = NULL;
    while (rest && (pair = strsep(&rest, "&"))) {
        if (pair[0] != '\0' && !read_parameter(exchange, pair)) {
            return false;
        }
    }
    return true;
}

const char *exchange_parameter(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->parameter_count; i++) {
        if (strcmp(exchange->parameters[i].name, name) == 0) {
            return exchange->parameters[i].value[0] ? exchange->parameters[i].value : NULL;
        }
    }
    return NULL;
}

bool exchange_read_number(struct exchange *exchange, const char *name, const char *text,
                          int64_t min, int64_t max, int64_t *number)
{
    bool reads = !text || number_parse(text, min, max, number);
    if (!reads) {
        reply_problem(&exchange->reply, PROBLEM_INVALID_PARAMETER,
                      "The parameter %s must be a whole number from %lld to %lld.", name,
                      (long long)min, (long long)max);
    }
    return reads;
}

static bool is_among(const char *name, const char *const *names)
{
    while (*names && strcmp(*names, name) != 0) {
        names++;
    }
    return *names != NULL;
}

bool exchange_check_query(struct exchange *exchange, const char *const *names)
{
    if (!read_query(exchange)) {
        if (errno == ENOMEM) {
            reply_problem(&exchange->reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
            return false;
        }
        reply_problem(&exchange->reply, PROBLEM_INVALID_PARAMETER,
                      "The query cannot be read: it has a bad percent escape, text that is not "
                      "UTF-8, or too many parameters.");
        return false;
    }
    for (size_t i = 0; i < exchange->parameter_count; i++) {
        const char *name = exchange->parameters[i].name;
        bool again = false;
        for (size_t j = 0; j < i; j++) {
            again = again || strcmp(exchange->parameters[j].name, name) == 0;
        }
        if (again || !is_among(name, names)) {
            char excerpt[TEXT_EXCERPT_SIZE];
            text_excerpt(name, excerpt);
            reply_problem(&exchange->reply, PROBLEM_INVALID_PARAMETER, "The parameter %s %s.",
                          excerpt, again ? "is there twice" : "is unknown here");
            return false;
        }
    }
    return true;
}

static atomic_size_t suspended;

void exchange_pause_body(struct exchange *exchange)
{
    atomic_fetch_add(&suspended, 1);
    MHD_suspend_connection(exchange->connection);
}

void exchange_resume_body(struct exchange *exchange)
{
    MHD_resume_connection(exchange->connection);
    size_t before = atomic_fetch_sub(&suspended, 1);
    assert(before > 0);
}

void exchange_suspend(struct exchange *exchange, void (*then)(struct exchange *exchange))
{
    assert(then && !exchange->then); /* suspended once, whoever resumes it */
    exchange->then = then;
    exchange_pause_body(exchange);
}

void exchange_resume(struct exchange *exchange)
{
    assert(exchange->then);
    exchange_resume_body(exchange);
}

bool exchange_is_suspended(const struct exchange *exchange)
{
    return exchange->then != NULL;
}

size_t exchange_suspended_count(void)
{
    return atomic_load(&suspended);
}
