/* An HTTP reply before it is sent: status, the headers that vary, and a body. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_REPLY_H
#define INVONCE_MOCK_SERVER_ENGINE_REPLY_H

#include "protocol/wire/problem.h"
#include "protocol/wire/violations.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stddef.h>

#define MEDIA_JSON "application/json"

/* All zeros: none yet. */
struct reply {
    int status;
    const char *content_type; /* static */
    char *body;               /* owned */
    size_t length;
    char *location;              /* owned; NULL: none */
    char *canonical;             /* likewise: where the record is that stands for this one */
    const char *allow;           /* static; NULL: none */
    const char *accept_encoding; /* likewise */
    int retry_after_s;           /* 0: none */
    bool replayed;               /* Idempotent-Replayed: true */
};

/* Takes a body from malloc; NULL becomes a bare 500, as everything here does when out of memory. */
void reply_take(struct reply *reply, int status, const char *content_type, char *body,
                size_t length);

/* Takes a JSON value's reference. */
void reply_json(struct reply *reply, int status, struct json *value);
void reply_problem_json(struct reply *reply, struct json *problem);

__attribute__((format(printf, 3, 4))) void
reply_problem(struct reply *reply, enum problem_type type, const char *detail, ...);

/* too-busy: the store can't be reached just now. */
void reply_store_away(struct reply *reply);

/* validation-failed, with each of them. */
void reply_violations(struct reply *reply, const struct violations *violations);

void reply_clear(struct reply *reply);

#endif
