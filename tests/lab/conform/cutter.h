/* What stands between a request and its server, passes bytes on, and keeps the reply to itself: all
 * of it, or all but its beginning. TLS goes through as it is. */
#ifndef INVONCE_TESTS_LAB_CONFORM_CUTTER_H
#define INVONCE_TESTS_LAB_CONFORM_CUTTER_H

#include "tests/support/support.h"

#include <pthread.h>
#include <stdatomic.h>

enum cut {
    CUT_NOTHING,
    CUT_REPLY, /* not a byte comes back */
    CUT_SHORT, /* a few do, then the connection ends */
};

/* For one connection. */
struct cutter {
    enum cut how;
    const char *host, *service; /* the server's */
    int timeout_ms;
    unsigned short port;        /* here */
    struct support_buffer kept; /* what the server said that was cut, once it is stopped; the
                                   owner's to free */

    atomic_bool is_armed;
    int listener;
    pthread_t thread;
};

/* What stands before `port` (the first members above) is set; it ends by itself, `timeout_ms` after
 * the last byte at the latest. */
void cutter_start(struct cutter *cutter);

/* From here on replies are cut; before, bytes go both ways. */
void cutter_arm(void *cutter);

/* Waits for its end. */
void cutter_stop(struct cutter *cutter);

#endif
