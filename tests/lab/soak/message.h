/* HTTP as it goes by: one message after the other, each with a Content-Length, on a connection that
 * is kept. And who listens for connections, each of which has a thread of its own. */
#ifndef INVONCE_TESTS_LAB_SOAK_MESSAGE_H
#define INVONCE_TESTS_LAB_SOAK_MESSAGE_H

#include "tests/support/support.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct message {
    struct support_buffer bytes; /* head, body, and what was read of the next one */
    size_t head, length;         /* of the head, with its empty line, and of all */
};

/* Reads one, behind what is left of the one before; false when the connection ends before. All
 * zeros is none yet. */
bool message_read(int socket, struct message *message);
void message_clear(struct message *message);

/* A header's value ("Name:" as in "\r\nName:"), "" when absent; the caller's to free. */
char *message_header(const struct message *message, const char *name);
char *message_body(const struct message *message);

/* 200 of "HTTP/1.1 200 OK"; 0 of a request. */
int message_status(const struct message *message);
bool message_starts(const struct message *message, const char *text);

/* --- */

/* Serves one connection, which is closed when it returns. `who` is another number each time. */
typedef void message_serve(void *context, int socket, unsigned who);

struct listener {
    message_serve *serve;
    void *context;
    unsigned short port;
    int socket;
    atomic_uint connections; /* under way */
    atomic_bool is_over;
    unsigned next;
    pthread_t thread;
};

void listener_start(struct listener *listener, message_serve *serve, void *context);

/* No more connections; waits for the end of those there are. */
void listener_stop(struct listener *listener);

#endif
