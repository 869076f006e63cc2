/* One question to the server, put again, as the attempts of a create are, until there is an answer.
 */
#ifndef INVONCE_TUI_ASK_H
#define INVONCE_TUI_ASK_H

#include "protocol/client/courier/courier.h"
#include "protocol/client/retry.h"
#include "tui/batch/progress.h"

#include "protocol/wire/json.h"

struct asker {
    struct courier *courier;
    struct retry_policy retry; /* its budget is for each question */
    struct progress *progress;
    int interrupt; /* a descriptor: readable when it is to stop */
};

enum ask_end {
    ASK_ANSWERED,
    ASK_ABSENT,      /* there is no such record */
    ASK_REFUSED,     /* and it will not help to ask again */
    ASK_UNREACHABLE, /* no answer in all that time */
    ASK_INTERRUPTED,
    ASK_FAILED, /* here */
};

struct answer {
    struct json *json; /* an object; to be freed by whoever asked */
    char why[200];     /* in plain words, where there is none; English */
};

/* GET `path`. */
enum ask_end ask(const struct asker *asker, const char *path, struct answer *answer);

#endif
