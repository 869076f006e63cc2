/* Problem documents (RFC 9457, RULES.md section 7): one table of everything that can be refused. */
#ifndef INVONCE_WIRE_PROBLEM_H
#define INVONCE_WIRE_PROBLEM_H

#include "protocol/wire/json.h"
#include <stdbool.h>

#define PROBLEM_MEDIA_TYPE  "application/problem+json"
#define PROBLEM_TYPE_PREFIX "urn:invonce:problem:"

enum problem_type {
    PROBLEM_IDEMPOTENCY_KEY_MISSING,
    PROBLEM_IDEMPOTENCY_KEY_MALFORMED,
    PROBLEM_IDEMPOTENCY_KEY_DISAGREES,
    PROBLEM_IDEMPOTENCY_KEY_IN_PROGRESS,
    PROBLEM_IDEMPOTENCY_KEY_REUSED,
    PROBLEM_VALIDATION_FAILED,
    PROBLEM_BAD_REQUEST,
    PROBLEM_MALFORMED_JSON,
    PROBLEM_UNSUPPORTED_MEDIA_TYPE,
    PROBLEM_PAYLOAD_TOO_LARGE,
    PROBLEM_INVALID_PARAMETER,
    PROBLEM_EVENT_ID_REUSED,
    PROBLEM_UNAUTHORIZED,
    PROBLEM_NOT_FOUND,
    PROBLEM_METHOD_NOT_ALLOWED,
    PROBLEM_TOO_BUSY,
    PROBLEM_INTERNAL_ERROR, /* 500: the store or the memory failed */
    PROBLEM_TAKEN,          /* a unique rule's: each has a slug and a title of its own */
    PROBLEM_OTHER,          /* "about:blank" (RFC 9457 section 4.2.1), or a type that is not ours */
};

/* What is known of the key's effect, and what a client is to do. */
enum problem_effect { EFFECT_NONE, EFFECT_APPLIED, EFFECT_UNKNOWN };
enum problem_retry { RETRY_SAME_KEY, RETRY_NEW_KEY, RETRY_NEVER };

struct problem_info {
    const char *slug; /* what follows PROBLEM_TYPE_PREFIX */
    const char *title;
    int status;
    enum problem_effect effect;
    enum problem_retry retry;
    int other_status; /* that it may come with, too; 0: none */
};

const struct problem_info *problem_info(enum problem_type type);

/* A document with type, title, status, detail, effect and retry; more members may be set on it.
 * New reference, NULL: out of memory. */
__attribute__((format(printf, 2, 3))) struct json *problem_new(enum problem_type type,
                                                               const char *detail, ...);

/* The same for PROBLEM_TAKEN. */
struct json *problem_new_taken(const char *slug, const char *title, const char *detail);

/* A document of type about:blank for a status that has no type of ours; effect unknown, retry
 * same_key for 408, 425, 429 and 5xx, else never. */
struct json *problem_of_status(int status, const char *detail);

/* A problem as a client reads it. `slug` and `detail` are borrowed from the document, "" when
 * absent. */
struct problem {
    enum problem_type type; /* never PROBLEM_TAKEN: by its slug the rule is found (resource.h) */
    const char *slug;       /* what follows PROBLEM_TYPE_PREFIX */
    int status;
    const char *detail;
    enum problem_effect effect; /* EFFECT_UNKNOWN when absent */
    enum problem_retry retry;
};

/* False when it is no problem document: no object, or a member of the wrong type. */
bool problem_read(const struct json *document, struct problem *problem);

#endif
