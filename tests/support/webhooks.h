/* A receiver of webhooks on a real socket: it notes what arrives, and answers as it is told to. */
#ifndef INVONCE_TESTS_SUPPORT_WEBHOOKS_H
#define INVONCE_TESTS_SUPPORT_WEBHOOKS_H

#include "protocol/wire/json.h"

#include <stdbool.h>
#include <stddef.h>

enum webhook_act {
    WEBHOOK_ANSWERS,    /* with a status and an empty body */
    WEBHOOK_CLOSES,     /* it reads, and the answer is lost */
    WEBHOOK_HANGS,      /* until it is let go; then it closes */
    WEBHOOK_NEVER_ENDS, /* a status, and a body without an end */
};

struct webhook_answer {
    enum webhook_act act;
    int status;
    const char *headers; /* more lines, each with CR LF; NULL: none */
};

/* One that arrived. It lasts as long as the receiver. */
struct webhook {
    char *head, *body;
    struct json *json;    /* of the body; NULL: it is none */
    const char *event_id; /* of it; "": it says none */
    size_t before;        /* how many of that event came before */
    bool is_taken;        /* it was, or is to be, answered 2xx */
    unsigned connection;  /* number of the connection */
};

/* What is answered to each; NULL: 200. On threads of the receiver's, one at a time. */
typedef struct webhook_answer webhook_choose(void *context, const struct webhook *webhook);

struct webhooks *webhooks_start(webhook_choose *choose, void *context);
void webhooks_stop(struct webhooks *webhooks);

/* "http://127.0.0.1:PORT/hook", down too. */
const char *webhooks_url(const struct webhooks *webhooks);

/* Refuses connections, and cuts those there are; and takes them again. */
void webhooks_go_down(struct webhooks *webhooks);
void webhooks_come_up(struct webhooks *webhooks);

/* Those that hang, now and later. */
void webhooks_let_go(struct webhooks *webhooks);

size_t webhooks_count(struct webhooks *webhooks);
const struct webhook *webhooks_at(struct webhooks *webhooks, size_t index);

/* How many events were taken, repeats aside, and how many repeats of those there were. */
size_t webhooks_taken(struct webhooks *webhooks, size_t *repeats);

/* Waits until so many events were taken; false when no more come. */
bool webhooks_wait(struct webhooks *webhooks, size_t taken);

/* A header's value, "" when absent; the caller's to free. */
char *webhook_header(const struct webhook *webhook, const char *name);

#endif
