/* Intents and what a server would say to them, for the tests of the client. */
#ifndef INVONCE_TESTS_UNIT_CLIENT_SAMPLE_H
#define INVONCE_TESTS_UNIT_CLIENT_SAMPLE_H

#include "protocol/client/intent.h"

#include "protocol/wire/json.h"

/* A frozen intent for a valid invoice of that number, under a new key; to be freed. */
struct intent *client_sample_intent(const char *number);

/* The record that a server would answer such a body with; new reference, and as text (free). */
struct json *client_sample_record(const struct json *body);
char *client_sample_record_text(const char *number);

/* A problem document as text (free; of PROBLEM_TAKEN: that the number is), with the members in
 * `changes` (JSON text of an object; NULL: none) set on it; null removes one. */
char *client_sample_problem(enum problem_type type, const char *changes);

#endif
