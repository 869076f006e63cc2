/* Whether a proxy on the way reads a request's head as we do (RFC 9112): where it could be read in
 * another way, the request is refused. Pure.
 *
 * libmicrohttpd 0.9.75 lets a lot pass, and writes a NUL over each colon and both bytes of each
 * line's end. What it hands out ends at a NUL, so what it hides shows only in where the next thing
 * stands: the head's parts are told here by their places in that memory. */
#ifndef INVONCE_MOCK_SERVER_HTTP_FRAMING_H
#define INVONCE_MOCK_SERVER_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>

enum framing_fault {
    FRAMING_SOUND,
    FRAMING_REQUEST_LINE,
    FRAMING_TARGET,
    FRAMING_FIELD_LINE,
    FRAMING_FIELD_NAME,
    FRAMING_FIELD_VALUE,
    FRAMING_HOST,
    FRAMING_LENGTH,
    FRAMING_BOTH,
    FRAMING_CODING,
    FRAMING_NOT_CHUNKED,
    FRAMING_AUTHORIZATION,
    FRAMING_CONTENT_TYPE,
};

struct framing_refusal {
    int status;         /* 400, or 501 for a transfer coding */
    const char *detail; /* one sentence */
};

struct framing {
    enum framing_fault fault; /* the first one */
    const char *next;         /* where the next line of the head must begin */
    bool is_1_0;
    bool is_chunked; /* the body's end can't be told for sure: nothing may follow on the connection
                      */
    int hosts, lengths, codings, authorizations, content_types;
};

/* The request line: pointers into the head, and the target as it came (what stands at `target` may
 * have been taken apart since). */
struct framing framing_begin(const char *method, const char *target, const char *came,
                             const char *version);

/* The next header, likewise. */
void framing_field(struct framing *framing, const char *name, const char *value);

/* The head ends before `end`. */
enum framing_fault framing_end(struct framing *framing, const char *end);

struct framing_refusal framing_refusal(enum framing_fault fault);

/* Where the path starts in a target in origin-form or absolute-form (RFC 9112 section 3.2); "", or
 * a query, where an absolute one has none. NULL: it is in neither. */
const char *framing_path(const char *target);

#endif
