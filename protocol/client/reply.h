/* What came back from one attempt, as the wire saw it. */
#ifndef INVONCE_CLIENT_REPLY_H
#define INVONCE_CLIENT_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLY_BODY_MAX (4 * 1024 * 1024) /* bytes; the longest page of records is shorter */

enum reply_fate {
    REPLY_NOT_SENT, /* not one byte of the request left: no connection was made */
    REPLY_UNKNOWN,  /* it may have arrived; no whole answer came */
    REPLY_WHOLE,    /* a complete HTTP response came */
};

struct reply {
    enum reply_fate fate;
    const char *error; /* why there is no whole answer, in plain words; NULL when there is one */
    int status;
    const char *media_type; /* lower case, without parameters; "" when absent */
    bool replayed;          /* Idempotent-Replayed: true */
    bool redirected;        /* within the server: this is what came of the second request */
    int64_t retry_after_ms; /* -1 when absent or unreadable */
    const char *body;       /* NUL-terminated behind `length` bytes */
    size_t length;
};

#endif
