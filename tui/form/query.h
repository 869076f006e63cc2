/* Asking the server for a list: one call at a time, the newest question only. */
#ifndef INVONCE_TUI_QUERY_H
#define INVONCE_TUI_QUERY_H

#include "protocol/client/courier/courier.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stdint.h>

/* Takes the answer's "data" (borrowed), or NULL and in plain words why there is none. */
typedef void query_done(void *context, struct json *data, const char *trouble);

/* All zeros and a courier: nothing asked. */
struct query {
    struct courier *courier;
    struct courier_call *call; /* on its way */
    char *path;                /* of the call, and of what is to be asked; NULL: nothing */
    bool asked;
    int64_t due_ms;
    query_done *done;
    void *context;
    const char
        *next; /* during `done`: where the next page of the answer begins; NULL: it was the last */
};

/* Percent-encoded (RFC 3986 section 2.1). Owned by the caller; NULL: out of memory. */
char *query_encode(const char *text);

/* Asks for `path` (owned from here on; NULL: nothing) at `due_ms`; whatever was asked before is
 * past. */
void query_ask(struct query *query, char *path, int64_t due_ms);
void query_stop(struct query *query);

/* Sends what is due. `done` is called from courier_poll, or from here where nothing can be sent. */
void query_advance(struct query *query, int64_t now_ms);
int64_t query_due_ms(const struct query *query);

#endif
