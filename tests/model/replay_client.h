/* One of the model's two clients: the real reducer, the real judgement of answers, and a journal of
 * one intent in memory, which outlives a crash. */
#ifndef INVONCE_TESTS_MODEL_REPLAY_CLIENT_H
#define INVONCE_TESTS_MODEL_REPLAY_CLIENT_H

#include "tests/model/replay.h"

#define CLIENT_TEXT_SIZE 80

struct client;

/* Clean, and about to send that request; NULL: it takes no part. The caller's to free. */
struct client *client_new(enum scenario scenario, int request);
void client_free(struct client *client);

/* Has it do what the model says ("press", "record", "send" …). False: it does something else, or
 * nothing. Where it goes on or gives up as its budget is spent, `spent` says which. */
bool client_do(struct client *client, const char *doing, bool spent);

/* An answer reaches its attempt, in the place of one before; it is lost where none is under way.
 * Takes it. */
void client_take(struct client *client, struct answer *answer);

/* As the model writes it. */
void client_describe(const struct client *client, char text[CLIENT_TEXT_SIZE]);

#endif
