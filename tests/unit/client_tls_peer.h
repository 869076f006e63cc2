/* A server with a certificate of its own making, that answers one request. */
#ifndef INVONCE_TESTS_UNIT_CLIENT_TLS_PEER_H
#define INVONCE_TESTS_UNIT_CLIENT_TLS_PEER_H

#include <stdbool.h>

struct tls_peer;

/* On 127.0.0.1, for one connection; its self-signed certificate names `host` ("IP:127.0.0.1" or
 * "DNS:other.example") and is written to `certificate_path`. */
struct tls_peer *tls_peer_start(const char *host, const char *certificate_path);

/* Waits for the connection to end. True when a request came through it. */
bool tls_peer_stop(struct tls_peer *peer);

const char *tls_peer_url(const struct tls_peer *peer); /* "https://127.0.0.1:PORT" */

#endif
