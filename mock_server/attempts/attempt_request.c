#include "mock_server/attempts/attempt_request.h"

#include "mock_server/base/settings.h"
#include "mock_server/engine/create_once.h"
#include "mock_server/http/route.h"
#include "protocol/wire/canonical_json.h"
#include "protocol/wire/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KEY_HEADER "Idempotency-Key"
#define KEY_MEMBER "idempotency_key"

/* Where a key was looked for. */
enum key_found { KEY_ABSENT, KEY_FOUND, KEY_MALFORMED };

static bool is_json(const char *content_type)
{
    if (!content_type) {
        return false;
    }
    size_t length = strcspn(content_type, "; \t");
    const char *rest = content_type + length + strspn(content_type + length, " \t");
    return length == sizeof MEDIA_JSON - 1 && strncasecmp(content_type, MEDIA_JSON, length) == 0 &&
           (*rest == '\0' || *rest == ';');
}

struct header_count {
    const char *value;
    int count;
};

static enum MHD_Result count_key_header(void *context, enum MHD_ValueKind kind, const char *name,
                                        const char *value)
{
    (void)kind;
    struct header_count *found = context;
    if (strcasecmp(name, KEY_HEADER) == 0) {
        found->value = value ? value : "";
        found->count++;
    }
    return MHD_YES;
}

static enum key_found key_in_header(struct exchange *exchange, char key[IDEMPOTENCY_KEY_SIZE])
{
    struct header_count found = {0};
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, count_key_header, &found);
    if (found.count == 0) {
        return KEY_ABSENT;
    }
    return found.count == 1 && idempotency_key_from_header(found.value, key) ? KEY_FOUND
                                                                             : KEY_MALFORMED;
}

static enum key_found key_in_body(const struct json *body, char key[IDEMPOTENCY_KEY_SIZE])
{
    struct json *member = json_member(body, KEY_MEMBER);
    if (!member) {
        return KEY_ABSENT;
    }
    const char *text = json_string(member);
    if (!text || !idempotency_key_is_valid(text)) {
        return KEY_MALFORMED;
    }
    snprintf(key, IDEMPOTENCY_KEY_SIZE, "%s", text);
    return KEY_FOUND;
}

static bool refuse_key(struct reply *reply, enum key_found header, enum key_found body)
{
    if (header == KEY_MALFORMED) {
        reply_problem(reply, PROBLEM_IDEMPOTENCY_KEY_MALFORMED,
                      "The header " KEY_HEADER " must be there once, as 1 to 255 printable ASCII "
                      "characters in double quotes, or bare without \", comma and semicolon.");
    } else if (body == KEY_MALFORMED) {
        reply_problem(reply, PROBLEM_IDEMPOTENCY_KEY_MALFORMED,
                      "The member " KEY_MEMBER " must be a string of 1 to 255 printable ASCII "
                      "characters.");
    } else {
        reply_problem(reply, PROBLEM_IDEMPOTENCY_KEY_MISSING,
                      "Send a header " KEY_HEADER " with a key made for this request alone, such "
                      "as a UUID, and keep it for every retry.");
    }
    return false;
}

/* The key of the header, of the body, or of both where they agree. False with the refusal in
 * `reply` (NULL: not asked for). */
static bool read_key(struct attempt_request *request, struct exchange *exchange,
                     struct reply *reply)
{
    char in_header[IDEMPOTENCY_KEY_SIZE] = "", in_body[IDEMPOTENCY_KEY_SIZE] = "";
    enum key_found header = key_in_header(exchange, in_header);
    enum key_found body = key_in_body(request->body, in_body);
    if (header == KEY_FOUND || body == KEY_FOUND) {
        memcpy(request->key, header == KEY_FOUND ? in_header : in_body, IDEMPOTENCY_KEY_SIZE);
    }
    if (!reply) {
        return true;
    }
    if (header == KEY_MALFORMED || body == KEY_MALFORMED ||
        (header == KEY_ABSENT && body == KEY_ABSENT)) {
        return refuse_key(reply, header, body);
    }
    if (header == KEY_FOUND && body == KEY_FOUND && strcmp(in_header, in_body) != 0) {
        reply_problem(reply, PROBLEM_IDEMPOTENCY_KEY_DISAGREES,
                      "The header " KEY_HEADER " and the member " KEY_MEMBER
                      " hold two different keys.");
        return false;
    }
    return true;
}

static bool read_body(struct attempt_request *request, struct exchange *exchange,
                      struct reply *reply)
{
    if (!is_json(exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE))) {
        reply_problem(reply, PROBLEM_UNSUPPORTED_MEDIA_TYPE,
                      "Send the body as Content-Type: application/json.");
        return false;
    }
    if (!exchange_check_encoding(exchange, reply)) {
        return false;
    }
    char wrong[JSON_PROBLEM_MAX] = "Out of memory.";
    request->body = json_read_object(exchange->body.bytes ? exchange->body.bytes : "",
                                     exchange->body.length, wrong);
    if (!request->body) {
        reply_problem(reply, errno == ENOMEM ? PROBLEM_INTERNAL_ERROR : PROBLEM_MALFORMED_JSON,
                      "%s", wrong);
        return false;
    }
    return true;
}

static bool take_fingerprint(struct attempt_request *request, struct reply *reply)
{
    request->canonical = canonical_json(request->body, KEY_MEMBER);
    if (!request->canonical || !fingerprint_of_bytes(request->canonical, strlen(request->canonical),
                                                     request->fingerprint)) {
        reply_problem(reply, PROBLEM_INTERNAL_ERROR, "Out of memory.");
        return false;
    }
    return true;
}

/* Without an idempotency key it is what is unique of the record. */
static char *arrival_key(const struct attempt_request *request, const struct route *route)
{
    if (route->rule == RULE_IDEMPOTENCY_KEY) {
        return strdup(request->key);
    }
    return unique_part_value(&route->creator->resource->unique[0].parts[0], request->body);
}

/* The checks in the contract's order. */
static bool read_all(struct attempt_request *request, struct exchange *exchange, bool too_large,
                     struct reply *reply)
{
    if (too_large) {
        reply_problem(reply, PROBLEM_PAYLOAD_TOO_LARGE, "A body may have %d bytes at most.",
                      JSON_BODY_MAX);
    }
    bool ok = !too_large && read_body(request, exchange, reply);
    bool key_ok = read_key(request, exchange, ok && request->claims_key ? reply : NULL);
    return ok && key_ok && take_fingerprint(request, reply);
}

void attempt_request_begin(struct attempt_request *request, const struct exchange *exchange)
{
    memcpy(request->id, exchange->id, EXCHANGE_ID_SIZE);
    request->metric = route_number(exchange->route);
    const char *star = strchr(exchange->route->pattern, '*');
    int fixed =
        (int)(star ? (size_t)(star - exchange->route->pattern) : strlen(exchange->route->pattern));
    snprintf(request->endpoint, sizeof request->endpoint, "POST %.*s%s", fixed,
             exchange->route->pattern, exchange->parameter ? exchange->parameter : "");
    request->claims_key =
        exchange->route->rule == RULE_IDEMPOTENCY_KEY && !(settings.without & STORE_NO_IDEMPOTENCY);
}

bool attempt_request_key_ahead(struct attempt_request *request, struct exchange *exchange)
{
    char key[IDEMPOTENCY_KEY_SIZE] = "";
    bool found = request->claims_key &&
                 is_json(exchange_header(exchange, MHD_HTTP_HEADER_CONTENT_TYPE)) &&
                 !exchange_is_encoded(exchange) && key_in_header(exchange, key) == KEY_FOUND;
    if (found) {
        memcpy(request->key, key, sizeof key);
    }
    return found;
}

bool attempt_request_read(struct attempt_request *request, struct exchange *exchange,
                          bool too_large, struct reply *reply)
{
    bool ok = read_all(request, exchange, too_large, reply);
    if (faults_are_on()) {
        request->arrival_key = arrival_key(request, exchange->route);
    }
    return ok;
}

void attempt_request_clear(struct attempt_request *request)
{
    json_free(request->body);
    free(request->canonical);
    free(request->arrival_key);
    request->body = NULL;
    request->canonical = request->arrival_key = NULL;
}
