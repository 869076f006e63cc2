#include "tests/lab/conform/verdict.h"

#include "protocol/wire/canonical_json.h"
#include "protocol/wire/text.h"
#include "tests/support/json_pointer.h"
#include "tests/support/support.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SHOWN_MAX   2000 /* bytes of a body */
#define HEADERS_MAX 32

/* --- what is shown --- */

static struct json *text_json(const char *bytes, size_t length)
{
    size_t shown = length > SHOWN_MAX ? SHOWN_MAX : length;
    char *safe = text_safe(bytes, shown, TEXT_MANY_LINES);
    if (!safe) support_die("out of memory");
    char *text = shown < length ? support_format("%s... (%zu bytes)", safe, length) : NULL;
    struct json *json = json_new_string(text ? text : safe);
    free(text);
    free(safe);
    return json;
}

static struct json *lines_json(const char *text)
{
    struct json *lines = json_new_array();
    for (const char *end; (end = strchr(text, '\n')); text = end + 1)
        json_append(lines, text_json(text, (size_t)(end - text)));
    return lines;
}

static struct json *headers_json(const struct json *headers)
{
    struct json *lines = json_new_array();
    size_t count = json_count(headers), shown = 0;
    const struct json *header = json_first(headers);
    for (; header && shown < HEADERS_MAX; header = json_next(header), shown++) {
        char *line = support_format("%s: %s", json_name(header), json_string(header));
        json_append(lines, text_json(line, strlen(line)));
        free(line);
    }
    if (count > shown) {
        char *line = support_format("... and %zu more", count - shown);
        json_append(lines, json_new_string(line));
        free(line);
    }
    return lines;
}

static struct json *request_json(const struct exchange *exchange)
{
    struct json *json = json_new_texts("method", exchange->method, NULL);
    json = json_with(json, "url", text_json(exchange->url, strlen(exchange->url)));
    json = json_with(json, "headers", lines_json(exchange->headers));
    return json_with(json, "body", text_json(exchange->body, strlen(exchange->body)));
}

static struct json *answer_json(const struct exchange *exchange)
{
    const struct http_reply *reply = &exchange->reply;
    struct json *json = json_with(json_new_object(), "trouble", json_new_string(exchange->trouble));
    json = json_with(json, "status", json_new_integer(reply->status));
    json = json_with(json, "headers", headers_json(reply->headers));
    return json_with(json, "body", text_json(reply->body, reply->length));
}

static void add_failure(struct run *run, const struct exchange *exchange, const char *sentence)
{
    struct json *failure =
        json_with(json_new_object(), "what", text_json(sentence, strlen(sentence)));
    if (exchange) {
        failure = json_with(failure, "request", request_json(exchange));
        failure = json_with(failure, "answer", answer_json(exchange));
    }
    if (!failure || !json_append(run->failures, failure)) support_die("out of memory");
}

bool expect(struct run *run, const struct exchange *exchange, bool is_so, const char *format, ...)
{
    if (is_so) return true;
    if (exchange && exchange->is_given_up) {
        run->lack = exchange->trouble;
        return false;
    }
    char *sentence;
    va_list values;
    va_start(values, format);
    if (vasprintf(&sentence, format, values) < 0) support_die("out of memory");
    va_end(values);
    add_failure(run, exchange, sentence);
    free(sentence);
    return false;
}

/* --- the questions --- */

static const char *header_of(const struct exchange *exchange, const char *name)
{
    char *lower = support_format("%s", name);
    for (char *at = lower; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    const char *value = http_header(&exchange->reply, lower);
    free(lower);
    return value;
}

bool says_replayed(const struct run *run, const struct exchange *exchange)
{
    const char *name = run->endpoint->replayed;
    return name && strcasecmp(header_of(exchange, name), "true") == 0;
}

bool is_created(const struct run *run, const struct exchange *exchange)
{
    return !exchange->trouble && exchange->reply.status == run->endpoint->created &&
           !says_replayed(run, exchange);
}

bool is_replay(const struct run *run, const struct exchange *exchange)
{
    return !exchange->trouble && exchange->reply.status == run->endpoint->replays_as &&
           (!run->endpoint->replayed || says_replayed(run, exchange));
}

bool is_same_body(const struct exchange *left, const struct exchange *right)
{
    return left->reply.length == right->reply.length &&
           memcmp(left->reply.body, right->reply.body, left->reply.length) == 0;
}

/* The member that the document of a refusal has otherwise, or lacks; NULL: it is as it must be. */
static const struct json *differing(const struct json *refusal, const struct json *document)
{
    for (const struct json *wanted = json_first(refusal); wanted; wanted = json_next(wanted)) {
        const char *name = json_name(wanted);
        if (strcmp(name, "status") == 0) continue;
        const struct json *found =
            *name == '/' ? json_pointer_get(document, name) : json_member(document, name);
        if (!json_equal(wanted, found)) return wanted;
    }
    return NULL;
}

bool is_refused(const struct run *run, const struct exchange *exchange, const char *refusal)
{
    const struct json *wanted = endpoint_refusal(run->endpoint, refusal);
    return !exchange->trouble &&
           exchange->reply.status == endpoint_refusal_status(run->endpoint, refusal) &&
           (json_kind(wanted) != JSON_OBJECT || !differing(wanted, exchange->reply.json));
}

const struct json *record_id(const struct run *run, const struct exchange *exchange)
{
    if (!run->endpoint->id || exchange->trouble) return NULL;
    return json_pointer_get(exchange->reply.json, run->endpoint->id);
}

/* --- the expectations --- */

bool expect_answer(struct run *run, const struct exchange *exchange, const char *what)
{
    return expect(run, exchange, !exchange->trouble, "%s: %s", what,
                  exchange->trouble ? exchange->trouble : "");
}

static bool expect_status(struct run *run, const struct exchange *exchange, int status,
                          const char *what)
{
    return expect_answer(run, exchange, what) &&
           expect(run, exchange, exchange->reply.status == status, "%s: status %d, not %d", what,
                  exchange->reply.status, status);
}

bool expect_created(struct run *run, const struct exchange *exchange, const char *what)
{
    return expect_status(run, exchange, run->endpoint->created, what) &&
           expect(run, exchange, !says_replayed(run, exchange),
                  "%s: it is told as a replay, and there was nothing to replay", what);
}

bool expect_replay(struct run *run, const struct exchange *exchange, const struct exchange *first,
                   const char *what)
{
    const char *replayed = run->endpoint->replayed;
    bool was_created = first->reply.status == run->endpoint->created;
    int status = was_created ? run->endpoint->replays_as : first->reply.status;
    bool is_repeated = status == first->reply.status || run->endpoint->names_location;
    return expect_status(run, exchange, status, what) &&
           expect(run, exchange, !replayed || says_replayed(run, exchange),
                  "%s: nothing tells that it is a replay (%s: true)", what,
                  replayed ? replayed : "") &&
           expect(run, exchange, is_same_body(exchange, first),
                  "%s: the body isn't the first one's, byte for byte", what) &&
           expect(run, exchange,
                  !is_repeated ||
                      strcmp(header_of(exchange, "location"), header_of(first, "location")) == 0,
                  "%s: the Location isn't the first one's", what);
}

bool expect_refused(struct run *run, const struct exchange *exchange, const char *refusal,
                    const char *what)
{
    int status = endpoint_refusal_status(run->endpoint, refusal);
    if (status == 0) return expect_answer(run, exchange, what);
    if (!expect_status(run, exchange, status, what)) return false;
    const struct json *wanted = endpoint_refusal(run->endpoint, refusal);
    const struct json *other =
        json_kind(wanted) == JSON_OBJECT ? differing(wanted, exchange->reply.json) : NULL;
    if (!other) return true;
    char *value = json_to(other);
    expect(run, exchange, false, "%s: %s isn't %s", what, json_name(other), value);
    free(value);
    return false;
}

bool expect_taken(struct run *run, const struct exchange *exchange, const struct exchange *first,
                  const char *what)
{
    const char *original = run->endpoint->original;
    const struct json *id = record_id(run, first);
    return expect_refused(run, exchange, "taken", what) &&
           expect(run, exchange,
                  !original || !id ||
                      json_equal(id, json_pointer_get(exchange->reply.json, original)),
                  "%s: %s doesn't name the original", what, original ? original : "");
}
