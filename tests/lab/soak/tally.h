/* What happened in a run, how often, and what must have: a run in which nothing went wrong proves
 * nothing. On any thread. */
#ifndef INVONCE_TESTS_LAB_SOAK_TALLY_H
#define INVONCE_TESTS_LAB_SOAK_TALLY_H

#include <stdbool.h>
#include <stdio.h>

/* Each, its least number in a run, on which store (b: both, p: PostgreSQL's alone, s: SQLite's,
 * as servers on the other write no file), and its words.
 */
#define TALLY(X)                                                                                   \
    X(SERVER_KILLED, 3, 'b', "servers killed")                                                     \
    X(SERVER_STOPPED, 2, 'b', "servers stopped past their lease")                                  \
    X(SERVER_ENDED, 1, 'b', "servers asked to end")                                                \
    X(SERVER_CRASHED, 2, 'b', "servers crashed by a fault")                                        \
    X(SERVER_DISK_FULL, 1, 's', "servers that a full disk kept from writing")                      \
    X(SERVER_CLOCK_SET, 1, 'b', "servers' clocks set")                                             \
    X(CLIENT_KILLED, 3, 'b', "clients killed at some moment")                                      \
    X(CLIENT_KILLED_AT_LINE, 2, 'b', "clients killed by the lines they put out")                   \
    X(CLIENT_KILLED_AT_END, 1, 'b', "clients killed after their last line")                        \
    X(CLIENT_STOPPED, 2, 'b', "clients stopped")                                                   \
    X(CLIENT_DISK_FULL, 1, 'b', "clients that a full disk kept from writing")                      \
    X(CLIENT_CLOCK_SET, 1, 'b', "clients' clocks set")                                             \
    X(CLIENT_FAILED, 0, 'b', "clients that could not write")                                       \
    X(POSTGRES_KILLED, 1, 'p', "PostgreSQL killed")                                                \
    X(POSTGRES_STOPPED, 1, 'p', "PostgreSQL stopped")                                              \
    X(POSTGRES_ENDED, 1, 'p', "PostgreSQL ended at once")                                          \
    X(POSTGRES_BACKEND_KILLED, 1, 'p', "PostgreSQL's sessions killed")                             \
    X(POSTGRES_DISK_FULL, 1, 'p', "PostgreSQL's disk full")                                        \
    X(DELIVERY_REFUSED, 5, 'b', "deliveries refused")                                              \
    X(DELIVERY_UNANSWERED, 5, 'b', "deliveries taken and not answered")                            \
    X(PROGRAM_AT_ONCE, 5, 'b', "keys sent several times at once")                                  \
    X(PROGRAM_AGAIN, 1, 'b', "keys sent again without an answer")                                  \
    X(WEBHOOK_AGAIN, 5, 'b', "webhooks delivered again")                                           \
    X(PROXY_DELAYED, 1, 'b', "requests delayed")                                                   \
    X(PROXY_CUT_REQUEST, 1, 'b', "requests cut")                                                   \
    X(PROXY_CUT_REPLY, 1, 'b', "replies cut")                                                      \
    X(PROXY_LOST_REPLY, 1, 'b', "replies lost")                                                    \
    X(PROXY_SLOW, 1, 'b', "replies slow")                                                          \
    X(PROXY_AGAIN, 1, 'b', "requests sent again later")                                            \
    X(PROXY_SWAPPED, 1, 'b', "replies of another request")                                         \
    X(PROXY_SWAPPED_UNSENT, 1, 'b', "replies of another request, in place of it")                  \
    X(FORM_SUBMITTED, 2, 'b', "forms submitted")                                                   \
    X(FORM_FAILED, 0, 'b', "forms that could not write")                                           \
    X(FORM_UNKEPT, 0, 'b', "forms that could not keep what was typed")                             \
    X(FORM_KILLED, 1, 'b', "forms killed")                                                         \
    X(PART_TENANTS, 1, 'b', "keys that two tenants had at once")                                   \
    X(PART_TOKENS, 1, 'b', "tokens changed while the server was down")                             \
    X(PART_TAKE_OVER, 1, 'b', "taken over from a token that was never named")                      \
    X(PART_KEY_AGAIN, 1, 'b', "explicit keys given again with the same")                           \
    X(PART_KEY_OTHER, 2, 'b', "explicit keys given again with another body")                       \
    X(PART_REFUSED, 1, 'b', "keys that a failing server refused at first")                         \
    X(PART_BESIDE, 1, 'b', "second runs beside a stopped one")                                     \
    X(PART_BESIDE_KILLED, 1, 'b', "stopped runs killed, and continued")                            \
    X(PART_LATE_OWNER, 1, 'b', "owners of a key stopped past its lease and lifetime")              \
    X(FAULTS, 10, 'b', "changes of faults")                                                        \
    X(FAULT_DELAY_BEFORE, 1, 'b', "delay-before-commit")                                           \
    X(FAULT_DELAY_AFTER, 1, 'b', "delay-after-commit")                                             \
    X(FAULT_DROP_BEFORE, 1, 'b', "drop-before")                                                    \
    X(FAULT_DROP_RESPONSE, 1, 'b', "drop-response")                                                \
    X(FAULT_RESET, 1, 'b', "reset-response")                                                       \
    X(FAULT_TRUNCATE, 1, 'b', "truncate-response")                                                 \
    X(FAULT_GARBLE, 1, 'b', "garble-response")                                                     \
    X(FAULT_STATUS, 1, 'b', "status")                                                              \
    X(FAULT_STATUS_AFTER, 1, 'b', "status-after-commit")                                           \
    X(FAULT_HANG, 1, 'b', "hang")                                                                  \
    X(FAULT_DRIP, 1, 'b', "drip")                                                                  \
    X(FAULT_CRASH_BEFORE, 1, 'b', "crash-before-commit")                                           \
    X(FAULT_CRASH_AFTER, 1, 'b', "crash-after-commit")

#define TALLY_NAME(name, least, store, words) TALLY_##name,
enum tally { TALLY(TALLY_NAME) TALLY_COUNT };
#undef TALLY_NAME

void tally_count(enum tally what);
long long tally_of(enum tally what);

/* It must still happen, on that kind of store. */
bool tally_is_missing(enum tally what, bool is_postgres);

/* Whether each happened often enough on that kind of store; else those that didn't, on `file`
 * (NULL: not told). */
bool tally_is_enough(bool is_postgres, FILE *file);

/* All of them, in lines of text. */
void tally_print(bool is_postgres, FILE *file);

#endif
