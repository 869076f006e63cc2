/* Who stands between clients and a server, and writes down the key and body of each request to
 * create; delays it, cuts it or its reply, sends it twice more later, and gives one client
 * another's answer. */
#ifndef INVONCE_TESTS_LAB_SOAK_MEDDLER_H
#define INVONCE_TESTS_LAB_SOAK_MEDDLER_H

#include "tests/lab/soak/message.h"
#include "tests/lab/soak/soak.h"

#define MEDDLER_LATER_MAX 64

/* A request that is to be sent again. */
struct later {
    char *request; /* NULL: none */
    size_t length;
    long long at_ms;
};

struct meddler {
    struct soak *soak;
    unsigned short server; /* where to */
    struct listener listener;
    char url[64];
    pthread_mutex_t lock;         /* of what follows */
    struct support_buffer answer; /* a whole one, to somebody's create */
    struct later later[MEDDLER_LATER_MAX];
    pthread_t thread; /* that sends again */
    atomic_bool is_over;
};

void meddler_start(struct meddler *meddler, struct soak *soak, unsigned short server);

/* Once its clients have ended; what was to be sent again is sent before. */
void meddler_stop(struct meddler *meddler);

#endif
