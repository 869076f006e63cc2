/* One terminal of an operator, without a screen: a submitter with its journal, courier and loop. */
#ifndef INVONCE_TESTS_UNIT_CLIENT_TERMINAL_H
#define INVONCE_TESTS_UNIT_CLIENT_TERMINAL_H

#include "protocol/client/submitter.h"

#define TERMINAL_TOKEN "north-ana-0123456789abcdef"

struct terminal {
    struct submitter_context context;
    struct submitter *submitter;
    struct json *form; /* the request body that a press submits */
    int64_t skew_ms;   /* how far its clock has been set forward */
};

/* Its journal is for one account, whatever the server's port. Time-out 0: none that a test would
 * see. To be closed. */
struct terminal terminal_open(const char *journal, const char *server, const char *number,
                              int64_t attempt_timeout_ms);
void terminal_close(struct terminal *terminal);

/* From here on it asks the server whose the token is, as programs do. */
void terminal_ask_whose(struct terminal *terminal);

int64_t terminal_now_ms(const struct terminal *terminal);
struct submission terminal_submission(const struct terminal *terminal);
void terminal_press(struct terminal *terminal);

/* Takes up what the journal has open; false when there is nothing. */
bool terminal_adopt(struct terminal *terminal);

/* One turn of the loop. The wait before a retry is not waited out: the clock is set forward. */
void terminal_turn(struct terminal *terminal);

/* Turns until the submission is in that state, or in any that no turn leads out of. */
void terminal_run_until(struct terminal *terminal, enum submission_state state);
void terminal_run_to_end(struct terminal *terminal);

#endif
