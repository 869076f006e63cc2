/* HTTP byte by byte on a plain socket: what went out, what came back, and how it ended. */
#ifndef INVONCE_TESTS_SUPPORT_RAW_H
#define INVONCE_TESTS_SUPPORT_RAW_H

#include "tests/support/support.h"

#include <stdbool.h>
#include <stddef.h>

enum raw_end {
    RAW_OPEN,     /* the time was over and the connection still stood */
    RAW_FINISHED, /* closed in order (FIN) */
    RAW_RESET,    /* torn down (RST) */
};

#define RAW_REQUEST_SIZE 160

struct raw_reply {
    struct support_buffer all; /* every byte that came */
    enum raw_end end;
    char request[RAW_REQUEST_SIZE]; /* "GET /path", the last one sent before it; "" when unknown */
};

/* A connection to 127.0.0.1:port, or -1. */
int raw_connect(unsigned short port);

/* False when the other side is gone. */
bool raw_send(int socket, const void *bytes, size_t length);
bool raw_send_text(int socket, const char *text);

/* Sends a POST with a JSON body. */
bool raw_post(int socket, const char *path, const char *token, const char *key, const char *body);

/* Reads until the other side ends the connection or the time is over. To be cleared. */
struct raw_reply raw_read_all(int socket, int timeout_ms);

/* Reads one whole reply (head, and as much as Content-Length says) or as much as comes. */
struct raw_reply raw_read_reply(int socket, int timeout_ms);

/* Reads on, after what `reply` holds already (all zeros: nothing), until `word` is in it; false
 * when the connection or the time ends first. */
bool raw_read_until(int socket, struct raw_reply *reply, const char *word, int timeout_ms);

void raw_reply_clear(struct raw_reply *reply);

/* Its status, 0 when no whole head came. */
int raw_status(const struct raw_reply *reply);

/* The value of a header (any case), "" when absent; the caller's to free. */
char *raw_header(const struct raw_reply *reply, const char *name);

/* What came after the head; NULL when no whole head came. */
const char *raw_body(const struct raw_reply *reply, size_t *length);

#endif
