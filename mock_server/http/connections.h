/* The open connections, and how long each may take to send a request: libmicrohttpd's own time-out
 * is for inactivity only, so one byte a second would hold a connection for ever. */
#ifndef INVONCE_MOCK_SERVER_HTTP_CONNECTIONS_H
#define INVONCE_MOCK_SERVER_HTTP_CONNECTIONS_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds that a connection may wait between requests. */
#define CONNECTIONS_IDLE_S 60

struct connection;

/* Starts the watch over them: a request must be in within request_timeout_ms of its first byte. */
bool connections_start(int64_t request_timeout_ms, bool tls);

/* NULL: out of memory. */
struct connection *connections_opened(int fd);
void connections_closed(struct connection *connection);

/* A request's line has arrived. */
void connections_request_begins(struct connection *connection);

/* All of a request has arrived. False: too late, the connection was cut. */
bool connections_request_is_in(struct connection *connection);

/* It was answered, or given up. */
void connections_request_ends(struct connection *connection);

#endif
