/* Somebody else's client: no screen, no journal, requests to create the trial's invoice under one
 * key. */
#ifndef INVONCE_TESTS_LAB_SENDER_H
#define INVONCE_TESTS_LAB_SENDER_H

#include "tests/lab/trial.h"
#include "tests/support/http.h"

#include "protocol/wire/idempotency_key.h"

#define SENDER_AT_ONCE_MAX 8

struct sender {
    struct trial *trial;
    const char *client;
    const char *token, *tenant;
    const char *body;
    char key[IDEMPOTENCY_KEY_SIZE];
    int sent, answered;
    const char *state;
    char record[24];
    struct http_reply reply; /* sender_ask's, not yet heard */
};

/* Means the trial's invoice once, under a new key. */
void sender_open(struct sender *sender, struct trial *trial, const char *client);

/* The same for another tenant. */
void sender_open_for(struct sender *sender, struct trial *trial, const char *client,
                     const char *tenant, const char *token);

/* Sends it so many times, all at one instant; what each reply says is told. */
void sender_send(struct sender *sender, size_t times);

/* Sends it once, on any thread; what the reply says is told when it is closed. */
void sender_ask(struct sender *sender);

/* What it knows goes into the evidence. */
void sender_close(struct sender *sender);

#endif
