/* The socket that the server listens on. */
#ifndef INVONCE_MOCK_SERVER_BASE_LISTENER_H
#define INVONCE_MOCK_SERVER_BASE_LISTENER_H

#include <stdbool.h>

#define LISTENER_NAME_SIZE 300 /* "HOST:PORT", an IPv6 address in brackets */

struct listener {
    int fd;
    bool loopback;                 /* nobody else's machine can reach it */
    char name[LISTENER_NAME_SIZE]; /* with the port that was taken */
};

/* Binds HOST:PORT ("127.0.0.1:8420", "[::1]:0", "localhost:80"); port 0 takes a free one. NULL when
 * it listens, else a sentence that says what was wrong (owned by the caller). */
char *listener_open(struct listener *listener, const char *address);

#endif
