/* The bytes of requests, made once and patched in place for each one that is sent. */
#ifndef INVONCE_TESTS_BENCH_REQUESTS_H
#define INVONCE_TESTS_BENCH_REQUESTS_H

#include <stddef.h>
#include <stdint.h>

enum request_kind {
    REQUEST_CREATE_V7, /* a new invoice under a new time-ordered key */
    REQUEST_CREATE_V4, /* a new invoice under a new random key */
    REQUEST_REPLAY,    /* one of the creates before, again */
    REQUEST_READ,      /* the record of one of the creates before */
    REQUEST_GET,       /* always the same path */
};

struct requests;

struct requests_settings {
    unsigned short port; /* in the Host header */
    const char *token;
    size_t tenants;   /* 0: the token's one; else request i is tenant i modulo so many's: -0000 and
                         so on behind the token */
    const char *path; /* of REQUEST_GET */
    size_t lines;     /* of each invoice */
    size_t known;     /* how many creates are remembered, to be replayed or read; at least 1 */
};

struct requests *requests_new(const struct requests_settings *settings);
void requests_free(struct requests *requests);

/* The bytes of request `index` of a kind; they last until the next call. Creates `index` below
 * `known` are what replays and reads of `index` modulo `known` come back to. */
const char *requests_make(struct requests *requests, enum request_kind kind, size_t index,
                          size_t *length);

/* Tells where the invoice of create `index` is: a Location header's value. */
void requests_learn(struct requests *requests, size_t index, const char *location, size_t length);

#endif
