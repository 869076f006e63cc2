/* What stands between a client and its server: passes bytes on, keeps what the client said, and can
 * answer in the server's place. */
#ifndef INVONCE_TESTS_CLIENT_PROXY_H
#define INVONCE_TESTS_CLIENT_PROXY_H

#include "tests/support/support.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/* All zeros is none. Set what comes first before proxy_start; read the rest after proxy_stop. */
struct proxy {
    unsigned short server_port; /* where to; 0: nowhere, every reply is canned */
    const char *canned;   /* a whole reply, for the first connections; NULL: hang up on them */
    size_t canned_length; /* 0: that of the text */
    size_t canned_count;  /* how many connections that is for */
    size_t hang_up_at;    /* of each connection that request is heard, passed on, and never answered
                             (0: none) */
    bool canned_reads;    /* every other request gets it too … */
    bool takes_turns;     /* … or each second one of these */

    char url[64]; /* http://127.0.0.1:PORT */
    unsigned short port;
    size_t connections;
    size_t canned_posts;         /* requests to create that were answered so */
    size_t reads;                /* other requests, where they take turns */
    size_t posts;                /* requests to create an invoice, all connections together */
    size_t most_posts_on_one;    /* connection */
    struct support_buffer heard; /* all that clients said */

    int listener, wake[2];
    pthread_t thread;
    struct proxy_pair *pairs;
};

void proxy_start(struct proxy *proxy);
void proxy_stop(struct proxy *proxy);
void proxy_clear(struct proxy *proxy);

#endif
