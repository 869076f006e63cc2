/* The demonstration's own mock server: a child process that goes when the program goes. */
#ifndef INVONCE_TUI_DEMO_SERVER_H
#define INVONCE_TUI_DEMO_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define DEMO_SERVER_SENTENCE_MAX 1200

struct demo_server_options {
    const char *store;       /* a file for the embedded SQLite store */
    const char *tokens_file; /* one TENANT:USER=TOKEN a line */
    const char *log;         /* a file for the server's log, made anew */
    char *const *faults;     /* fault rules */
    size_t fault_count;
    const char *without; /* the layer that is turned off; NULL: none */
};

struct demo_server {
    pid_t pid;    /* 0: there is none */
    char url[64]; /* "http://127.0.0.1:41234" */
    int status;   /* its exit status, where it ended by itself: 2 is a fault rule that can't be */
};

/* Starts invonce-mock-server, from beside this program or else from PATH, on a free loopback port,
 * and waits until it listens. The kernel sends it SIGTERM if this process dies, however it dies.
 * False with a sentence. */
bool demo_server_start(struct demo_server *server, const struct demo_server_options *options,
                       char sentence[DEMO_SERVER_SENTENCE_MAX]);

/* SIGTERM, and waits until it is gone. */
void demo_server_stop(struct demo_server *server);

#endif
