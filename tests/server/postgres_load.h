/* Load on servers of one PostgreSQL store, by clients that send an intent again, with its key and
 * to the next server, until they know what became of it; and the count of it all afterwards. */
#ifndef INVONCE_TESTS_SERVER_POSTGRES_LOAD_H
#define INVONCE_TESTS_SERVER_POSTGRES_LOAD_H

#include "tests/server/api.h"
#include "tests/support/cluster.h"

#include <pthread.h>
#include <stdatomic.h>

#define LOAD_SERVERS_MAX 3
#define LOAD_INTENTS_MAX 200000

struct load {
    struct mock servers[LOAD_SERVERS_MAX];
    size_t server_count;
    size_t workers;
    pthread_t thread;
    pthread_mutex_t lock;     /* of the servers' URLs */
    atomic_size_t next;       /* the first intent that nobody took yet */
    atomic_size_t settled;    /* that were told to be created */
    atomic_bool stop;         /* what is begun is settled, and nothing new begun */
    atomic_size_t wrong;      /* replies that no client may get, or that contradict each other */
    atomic_size_t tries_most; /* for one intent */
    char *ids[LOAD_INTENTS_MAX];
};

/* Several servers on the store, and those clients at work on them. To be freed. */
struct load *load_start(const char *store, size_t servers, size_t workers,
                        const char *const *options);

/* Until so many more intents are settled; it is an error when they don't become so. */
void load_go_on(struct load *load, size_t more);

/* A crash of a server, and its next start on the same store. */
void load_kill_server(struct load *load, size_t index, const char *const *options);

/* Lets the clients finish what they have begun, and stops the servers. */
void load_stop(struct load *load);

/* Counts in the database: each intent that was told to be created is there, once and under the id
 * that was told; no key is in progress; each was audited once as created, without a gap. */
void load_check(const struct load *load, const char *store);

void load_free(struct load *load);

/* A server of a store that is nobody's to remove. */
void load_start_server(struct mock *mock, const char *store, const char *const *options);

#endif
