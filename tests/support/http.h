/* One HTTP request on a fresh connection, by libcurl, and its whole reply. */
#ifndef INVONCE_TESTS_SUPPORT_HTTP_H
#define INVONCE_TESTS_SUPPORT_HTTP_H

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>

/* What isn't set is not sent. */
struct http_request {
    const char *method; /* NULL: POST with a body, else GET */
    const char *url;
    const char *token;
    const char *key;          /* the value of Idempotency-Key, as it is to stand there */
    const char *content_type; /* NULL: application/json where there is a body; "": none */
    const char *body;
    size_t body_length;         /* 0: as long as the text */
    const char *const *headers; /* NULL-ended, "Name: value" */
    long timeout_ms;            /* 0: PATIENCE_MS */
    const char *ca_file;        /* for https: whom to trust */
    bool old_tls;               /* TLS 1.1 at most */
    size_t reply_max;           /* bytes of head and body; more is an error (0: as many as come) */
    unsigned short
        through_port; /* of what stands on 127.0.0.1 before the server; 0: nothing does */
    void (*before_last_byte)(void *context); /* of the body: called when all others went out */
    void *context;
};

struct http_reply {
    int error;            /* CURLcode; 0 when a whole reply came */
    int status;           /* 0 when none came */
    struct json *headers; /* lower-case names; repeated ones joined by ", " */
    char *body;           /* never NULL, NUL-terminated */
    size_t length;
    struct json *json; /* the body parsed, or NULL when it isn't JSON */
};

/* Thread-safe after http_setup. The reply is to be cleared. */
struct http_reply http_send(const struct http_request *request);
void http_reply_clear(struct http_reply *reply);

/* The value of a header (lower-case name), "" when absent. Borrowed. */
const char *http_header(const struct http_reply *reply, const char *name);

/* Once, before threads start. */
void http_setup(void);

#endif
