/* The HTTP side: libmicrohttpd's threads, the limits, and each request's way to its route. */
#ifndef INVONCE_MOCK_SERVER_HTTP_SERVER_H
#define INVONCE_MOCK_SERVER_HTTP_SERVER_H

#include "mock_server/base/listener.h"

#include <stdbool.h>
#include <stdint.h>

#define SERVER_URI_MAX 8192 /* bytes of a request's path and query */

/* Takes the listening socket. The files' contents with TLS, NULL without. */
bool server_start(const struct listener *listener, const char *tls_cert, const char *tls_key);

/* Takes no more connections; each open one ends with its next reply. */
void server_quiesce(void);

/* Waits for what is in flight; false: some is left after `ms`. */
bool server_wait_idle(int64_t ms);

/* What comes in from now on is cut; waits until nothing is suspended. */
void server_cut(void);

/* Ends the threads. */
void server_stop(void);

#endif
