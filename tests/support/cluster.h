/* A PostgreSQL of the tests' own, on a Unix socket; run by an unprivileged user where we are root.
 * It ends, and its directory goes, with the test, whichever way that ends. */
#ifndef INVONCE_TESTS_SUPPORT_CLUSTER_H
#define INVONCE_TESTS_SUPPORT_CLUSTER_H

#include "tests/support/process.h"

#define CLUSTER_DIRECTORY_SIZE 40

/* All zeros is none. */
struct cluster {
    struct process process;
    char directory[CLUSTER_DIRECTORY_SIZE]; /* its data and its socket */
    int guard;                              /* when this is closed, the directory is removed, */
    pid_t remover;                          /* by this process */
};

/* False where none is installed: nothing of what is below can be used then. */
bool cluster_is_installed(void);

/* A new one, started. The PG… variables of the environment are forgotten, so that libpq, here and
 * in what is started, goes by the URL alone. */
void cluster_make(struct cluster *server);

/* Starts it again, once it was stopped, and waits until it can be used. `settings` ("name=value",
 * NULL-ended; NULL: none) go before those of its configuration. */
void cluster_start(struct cluster *server, const char *const *settings);

/* By its signals: SIGINT is a fast shutdown, SIGQUIT an immediate one; SIGKILL ends the first
 * process alone, and its others notice. Returns when it has ended. */
void cluster_stop(struct cluster *server, int signal);

/* A new one that follows `primary`, which from then on waits for it in each commit. */
void cluster_follow(struct cluster *standby, const struct cluster *primary);

/* Makes a standby a primary; it can be written to when this returns. */
void cluster_promote(const struct cluster *standby);

/* Of a database of the server in that directory; "postgres" is always there. The caller's to free.
 */
char *cluster_url(const char *directory, const char *database);

/* Stops it at once, if it runs, and removes all of it. */
void cluster_clear(struct cluster *server);

#endif
