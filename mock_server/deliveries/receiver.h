/* Who is told: where, whom it trusts, and how our posts are signed (Standard Webhooks). */
#ifndef INVONCE_MOCK_SERVER_DELIVERIES_RECEIVER_H
#define INVONCE_MOCK_SERVER_DELIVERIES_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zeros is none. */
struct receiver {
    char *url;
    char *name; /* scheme, host and port: what may be logged, as a path may be a secret */
    bool is_plain;
    char *authorization; /* a header's value; NULL: none is sent */
    unsigned char *secret;
    size_t secret_length; /* 0: nothing is signed */
    const char *ca_file;  /* whom it has to be certified by; NULL: the system's. Borrowed */
};

/* Each may be NULL. A token's file holds the token; a secret's the secret, as it is or as whsec_
 * and base64. */
struct receiver_files {
    const char *token, *secret, *ca;
};

/* NULL; else what is wrong, a sentence that is the caller's to free. Plain HTTP is for loopback
 * only. */
char *receiver_open(struct receiver *receiver, const char *url, const struct receiver_files *files);
void receiver_clear(struct receiver *receiver);

/* The header webhook-signature: "v1," and the base64 of HMAC-SHA256 over id.timestamp.body. */
#define SIGNATURE_SIZE 64
bool receiver_sign(const struct receiver *receiver, const char *event_id, int64_t timestamp_s,
                   const char *body, size_t length, char signature[SIGNATURE_SIZE]);

#endif
