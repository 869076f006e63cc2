#include "protocol/wire/problem.h"

#include <assert.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define BLANK "about:blank"

static const struct problem_info PROBLEMS[] = {
    [PROBLEM_IDEMPOTENCY_KEY_MISSING] = {"idempotency-key-missing", "Idempotency key missing", 400,
                                         EFFECT_NONE, RETRY_NEW_KEY},
    [PROBLEM_IDEMPOTENCY_KEY_MALFORMED] = {"idempotency-key-malformed", "Idempotency key malformed",
                                           400, EFFECT_NONE, RETRY_NEW_KEY},
    [PROBLEM_IDEMPOTENCY_KEY_DISAGREES] = {"idempotency-key-disagrees",
                                           "Two different idempotency keys", 400, EFFECT_NONE,
                                           RETRY_NEW_KEY},
    [PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS] = {"idempotency-key-in-progress",
                                             "The first request is still in progress", 409,
                                             EFFECT_UNKNOWN, RETRY_SAME_KEY},
    [PROBLEM_IDEMPOTENCY_KEY_REUSED] = {"idempotency-key-reused",
                                        "Idempotency key used for another request", 422,
                                        EFFECT_NONE, RETRY_NEW_KEY},
    [PROBLEM_VALIDATION_FAILED] = {"validation-failed", "Validation failed", 422, EFFECT_NONE,
                                   RETRY_NEW_KEY},
    [PROBLEM_BAD_REQUEST] = {"bad-request", "Bad request", 400, EFFECT_UNKNOWN, RETRY_NEVER, 501},
    [PROBLEM_MALFORMED_JSON] = {"malformed-json", "Malformed JSON", 400, EFFECT_UNKNOWN,
                                RETRY_NEVER},
    [PROBLEM_UNSUPPORTED_MEDIA_TYPE] = {"unsupported-media-type", "Unsupported media type", 415,
                                        EFFECT_UNKNOWN, RETRY_NEVER},
    [PROBLEM_PAYLOAD_TOO_LARGE] = {"payload-too-large", "Payload too large", 413, EFFECT_UNKNOWN,
                                   RETRY_NEVER},
    [PROBLEM_INVALID_PARAMETER] = {"invalid-parameter", "Invalid parameter", 400, EFFECT_NONE,
                                   RETRY_NEVER},
    [PROBLEM_EVENT_ID_REUSED] = {"event-id-reused", "Event id used for another event", 422,
                                 EFFECT_NONE, RETRY_NEVER},
    [PROBLEM_UNAUTHORIZED] = {"unauthorized", "Unauthorized", 401, EFFECT_UNKNOWN, RETRY_NEVER},
    [PROBLEM_NOT_FOUND] = {"not-found", "Not found", 404, EFFECT_UNKNOWN, RETRY_NEVER},
    [PROBLEM_METHOD_NOT_ALLOWED] = {"method-not-allowed", "Method not allowed", 405, EFFECT_UNKNOWN,
                                    RETRY_NEVER},
    [PROBLEM_TOO_BUSY] = {"too-busy", "Too busy", 503, EFFECT_UNKNOWN, RETRY_SAME_KEY},
    [PROBLEM_INTERNAL_ERROR] = {"internal-error", "Internal error", 500, EFFECT_UNKNOWN,
                                RETRY_SAME_KEY},
    [PROBLEM_TAKEN] = {.status = 409, .effect = EFFECT_NONE, .retry = RETRY_NEW_KEY},
    [PROBLEM_OTHER] = {BLANK, "Internal error", 500, EFFECT_UNKNOWN, RETRY_SAME_KEY},
};

static const char *const EFFECTS[] = {
    [EFFECT_NONE] = "none", [EFFECT_APPLIED] = "applied", [EFFECT_UNKNOWN] = "unknown"};
static const char *const RETRIES[] = {
    [RETRY_SAME_KEY] = "same_key", [RETRY_NEW_KEY] = "new_key", [RETRY_NEVER] = "never"};

/* Titles for about:blank are the phrases of the statuses (RFC 9457 section 4.2.1, RFC 9110). */
static const struct {
    int status;
    const char *phrase;
} PHRASES[] = {
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {425, "Too Early"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

const struct problem_info *problem_info(enum problem_type type)
{
    return &PROBLEMS[type];
}

static bool set_text(struct json *document, const char *name, const char *text)
{
    return json_put(document, name, json_new_string(text));
}

static struct json *make(const char *type, const struct problem_info *info, const char *detail)
{
    struct json *document = json_new_object();
    bool made = document != NULL && set_text(document, "type", type) &&
                set_text(document, "title", info->title) &&
                json_put(document, "status", json_new_integer(info->status)) &&
                (detail == NULL || set_text(document, "detail", detail)) &&
                set_text(document, "effect", EFFECTS[info->effect]) &&
                set_text(document, "retry", RETRIES[info->retry]);
    if (made) return document;
    json_free(document);
    return NULL;
}

/* Of a type of ours. */
static struct json *make_ours(const struct problem_info *info, const char *detail)
{
    char *type;
    assert(info->slug != NULL); /* PROBLEM_TAKEN has none of its own: see problem_new_taken */
    if (asprintf(&type, PROBLEM_TYPE_PREFIX "%s", info->slug) < 0) return NULL;
    struct json *document = make(type, info, detail);
    free(type);
    return document;
}

struct json *problem_new(enum problem_type type, const char *detail, ...)
{
    char *sentence;
    va_list arguments;
    va_start(arguments, detail);
    int written = vasprintf(&sentence, detail, arguments);
    va_end(arguments);
    if (written < 0) return NULL;
    struct json *document = make_ours(problem_info(type), sentence);
    free(sentence);
    return document;
}

struct json *problem_new_taken(const char *slug, const char *title, const char *detail)
{
    struct problem_info info = PROBLEMS[PROBLEM_TAKEN];
    info.slug = slug;
    info.title = title;
    return make_ours(&info, detail);
}

static const char *phrase_of(int status)
{
    for (size_t i = 0; i < COUNT(PHRASES); i++)
        if (PHRASES[i].status == status) return PHRASES[i].phrase;
    return status < 500 ? "Client Error" : "Server Error";
}

static enum problem_retry retry_of(int status)
{
    bool passing = status == 408 || status == 425 || status == 429 || status >= 500;
    return passing ? RETRY_SAME_KEY : RETRY_NEVER;
}

struct json *problem_of_status(int status, const char *detail)
{
    struct problem_info info = {.title = phrase_of(status),
                                .status = status,
                                .effect = EFFECT_UNKNOWN,
                                .retry = retry_of(status)};
    return make(BLANK, &info, detail);
}

/* The member's text, or `absent` when it isn't there; NULL when it is no string. */
static const char *text_or(const struct json *document, const char *name, const char *absent)
{
    const struct json *value = json_member(document, name);
    return value == NULL ? absent : json_string(value);
}

static const char *slug_of(const char *type)
{
    size_t prefix = strlen(PROBLEM_TYPE_PREFIX);
    return strncmp(type, PROBLEM_TYPE_PREFIX, prefix) == 0 ? type + prefix : "";
}

static enum problem_type type_of(const char *slug)
{
    for (size_t i = 0; i < PROBLEM_TAKEN; i++)
        if (strcmp(PROBLEMS[i].slug, slug) == 0) return (enum problem_type)i;
    return PROBLEM_OTHER;
}

static size_t place_of(const char *const *words, size_t count, const char *word, size_t otherwise)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0) return i;
    return otherwise;
}

bool problem_read(const struct json *document, struct problem *problem)
{
    if (json_kind(document) != JSON_OBJECT) return false;
    const char *type = text_or(document, "type", BLANK);
    const char *detail = text_or(document, "detail", "");
    const char *effect = text_or(document, "effect", "");
    const char *retry = text_or(document, "retry", "");
    const struct json *status = json_member(document, "status");
    if (type == NULL || detail == NULL || effect == NULL || retry == NULL) return false;
    if (text_or(document, "title", "") == NULL) return false;
    int64_t code = status != NULL ? json_integer(status, INT64_MIN) : 0;
    if (code == INT64_MIN) return false;
    problem->slug = slug_of(type);
    problem->type = type_of(problem->slug);
    problem->status = code < 0 || code > 999 ? 0 : (int)code;
    problem->detail = detail;
    problem->effect =
        (enum problem_effect)place_of(EFFECTS, COUNT(EFFECTS), effect, EFFECT_UNKNOWN);
    problem->retry =
        (enum problem_retry)place_of(RETRIES, COUNT(RETRIES), retry, retry_of(problem->status));
    return true;
}
