/* An origin (RFC 6454): the scheme, host and port that a token belongs to, in one spelling. */
#ifndef INVONCE_CLIENT_ORIGIN_H
#define INVONCE_CLIENT_ORIGIN_H

#include <stdbool.h>

#define ORIGIN_TEXT_SIZE 300

struct origin {
    char
        text[ORIGIN_TEXT_SIZE]; /* "http://127.0.0.1:8420": lower case, no default port, no slash */
    bool encrypted;             /* https */
    bool loopback;              /* localhost, 127.0.0.0/8 or ::1: it doesn't leave the machine */
};

/* Reads a server's address: an http or https origin and nothing behind it but a slash. */
bool origin_read(const char *server, struct origin *origin);

/* The origin of an absolute http or https URL. False when it has none, or names a user. */
bool origin_of_url(const char *url, struct origin *origin);

#endif
