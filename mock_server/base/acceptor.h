/* Lets connections in, as many as there may be, and hands them to libmicrohttpd's threads in turn:
 * left to those, whichever wakes first takes a whole burst, and the others have nothing to do. */
#ifndef INVONCE_MOCK_SERVER_BASE_ACCEPTOR_H
#define INVONCE_MOCK_SERVER_BASE_ACCEPTOR_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

/* The daemon has no listening socket of its own. Who comes while `max` are open waits in the
 * socket's queue. */
bool acceptor_start(int listening_fd, struct MHD_Daemon *daemon, int64_t max);

/* One of those that the daemon was given is closed: room for another. */
void acceptor_one_left(void);

/* Lets nobody in any more, and closes the socket. */
void acceptor_stop(void);

#endif
