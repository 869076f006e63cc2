/* A server that answers as it is told to, byte by byte: one scripted step for each connection. */
#ifndef INVONCE_TESTS_UNIT_CLIENT_PEER_H
#define INVONCE_TESTS_UNIT_CLIENT_PEER_H

#include <stdbool.h>
#include <stddef.h>

enum peer_ending {
    PEER_CLOSES,  /* says `text`, then FIN */
    PEER_RESETS,  /* says `text`, then RST */
    PEER_HOLDS,   /* says nothing until peer_release (or the client is gone), then as PEER_CLOSES */
    PEER_KEEPS,   /* as PEER_ANSWERS, again and again, until the client closes the connection */
    PEER_TIRES,   /* as PEER_KEEPS for one request; closes on the next one without a byte */
    PEER_ANSWERS, /* wraps `text` as the JSON body of a whole response with `status` */
};

struct peer_step {
    enum peer_ending ending;
    const char *text;    /* NULL: nothing */
    size_t length;       /* 0: strlen(text) */
    int status;          /* PEER_ANSWERS, PEER_KEEPS, PEER_TIRES */
    const char *headers; /* the same: more lines, each ended by CR LF; NULL: none */
};

struct peer;

/* Listens on a free port of 127.0.0.1. Connection i plays steps[i], and each beyond the last one
 * plays the last. `steps` is borrowed. */
struct peer *peer_start(const struct peer_step *steps, size_t count);
void peer_stop(struct peer *peer);

void peer_release(struct peer *peer);          /* lets the held ones go on, now and later */
const char *peer_url(const struct peer *peer); /* "http://127.0.0.1:PORT" */
unsigned short peer_port(const struct peer *peer);

/* Whole requests that arrived up to now, and the bytes of one (NUL-terminated, owned by the peer).
 */
size_t peer_requests(struct peer *peer);
const char *peer_request(struct peer *peer, size_t index);
size_t peer_connections(struct peer *peer);

/* A port of 127.0.0.1 on which nothing listens (bound, so that no one else takes it) until the
 * returned descriptor is closed. */
int peer_closed_port(unsigned short *port);

#endif
