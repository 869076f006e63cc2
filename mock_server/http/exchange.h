/* One request and its reply, from the first header to the last byte. */
#ifndef INVONCE_MOCK_SERVER_HTTP_EXCHANGE_H
#define INVONCE_MOCK_SERVER_HTTP_EXCHANGE_H

#include "mock_server/base/timers.h"
#include "mock_server/engine/reply.h"
#include "mock_server/faults/faults.h"
#include "mock_server/http/auth.h"
#include "mock_server/http/connections.h"
#include "protocol/wire/buffer.h"

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

#define EXCHANGE_ID_SIZE   24
#define EXCHANGE_QUERY_MAX 16

struct route;

struct query_parameter {
    const char *name, *value; /* decoded */
};

struct exchange {
    struct MHD_Connection *connection;
    struct connection *peer;
    char id[EXCHANGE_ID_SIZE];

    char *uri;        /* the target as it came; taken apart in place */
    const char *path; /* raw, without scheme, host and query */
    char *query;      /* raw, NULL: none */
    char *parameter;  /* the path's variable segment, decoded; owned */
    struct query_parameter parameters[EXCHANGE_QUERY_MAX];
    size_t parameter_count;

    bool begun;  /* its headers are there */
    bool let_go; /* all of it is, and libmicrohttpd knows */
    bool is_in;  /* and it was taken on */
    const struct route *route;
    const struct principal *who; /* NULL: no token needed */
    struct buffer body;
    size_t body_arrived; /* bytes, those thrown away too */

    struct fault_plan faults;
    struct reply reply;          /* with a status: ready to be sent */
    struct MHD_Response *stream; /* or an open-ended response instead */
    bool cut;                    /* or close without a byte */
    bool is_last;                /* the connection is closed after it */

    /* Set while it waits for another thread: what goes on when it is resumed. */
    void (*then)(struct exchange *exchange);
    struct timer timer;    /* for delays, dripping and hanging */
    int64_t drip_since_ms; /* 0: not yet */

    /* Whatever works on the reply, told when the exchange is over. */
    void *task;
    void (*task_over)(void *task);
};

/* The headers are there: takes the target apart, and checks what all else rests on (framing.h). The
 * arguments are as libmicrohttpd hands them out. False with the refusal as the reply. */
bool exchange_take_head(struct exchange *exchange, const char *method, const char *target,
                        const char *version);

/* The body was longer than one may be, and was thrown away. */
bool exchange_is_too_large(const struct exchange *exchange);

/* Whether a coding other than identity was put on the body (RFC 9110 section 8.4); the check says
 * so in `reply`. */
bool exchange_is_encoded(const struct exchange *exchange);
bool exchange_check_encoding(const struct exchange *exchange, struct reply *reply);

/* A request header, or NULL. */
const char *exchange_header(struct exchange *exchange, const char *name);

/* A query parameter; NULL when absent or empty. */
const char *exchange_parameter(const struct exchange *exchange, const char *name);

/* That of a parameter, as a whole number; it is left as it is where the text is NULL. False, with
 * the reply set, when it is none from `min` to `max`. */
bool exchange_read_number(struct exchange *exchange, const char *name, const char *text,
                          int64_t min, int64_t max, int64_t *number);

/* False, with the reply set, when the query has a parameter that isn't among `names` (ends with
 * NULL), one twice, or can't be read. */
bool exchange_check_query(struct exchange *exchange, const char *const *names);

/* Undoes percent-encoding: a copy owned by the caller, or NULL (a bad escape, NUL, no UTF-8; errno
 * is ENOMEM: out of memory). With `plus`, + is a space. */
char *exchange_decode(const char *text, size_t length, bool plus);

/* The connection waits, costing no thread, until exchange_resume, from any thread; then `then` is
 * called on an HTTP thread. Called there, once all of the request is in. */
void exchange_suspend(struct exchange *exchange, void (*then)(struct exchange *exchange));
void exchange_resume(struct exchange *exchange);

/* True while it is suspended. Only for its owner of the moment. */
bool exchange_is_suspended(const struct exchange *exchange);

/* The same for a response in the middle of its body: its reader is called again when resumed. */
void exchange_pause_body(struct exchange *exchange);
void exchange_resume_body(struct exchange *exchange);

/* How many connections are suspended now. */
size_t exchange_suspended_count(void);

#endif
