/* An operator's desk: a real server, a home of its own, and invonce in a terminal. */
#ifndef INVONCE_TESTS_TERMINAL_DESK_H
#define INVONCE_TESTS_TERMINAL_DESK_H

#include "tests/support/mock.h"
#include "tests/support/temp_dir.h"
#include "tests/terminal/pty.h"

#include "protocol/wire/json.h"
#include <stdbool.h>

/* All zeros is none. */
struct desk {
    struct mock mock;
    char home[TEMP_DIR_SIZE]; /* HOME, and in it all the XDG directories */
    struct pty *pty;
};

struct desk_options {
    const char *const *arguments;   /* after "invonce", NULL-ended */
    const char *const *environment; /* NAME=VALUE, NULL-ended, added to the desk's */
    const char *const *runner;      /* a program to run invonce by, with its arguments: valgrind */
    int rows, cols;                 /* 0: 24 and 80 */
};

/* Starts a server with these options (mock_start's). */
void desk_open(struct desk *desk, const char *const *server_options);

/* Opens a terminal at the desk, with invonce in it; the one before, if any, is closed. */
void desk_start(struct desk *desk, const struct desk_options *options);

/* The same with an invoice of that number filled in (sample_invoice's, changed as `changes`
 * says), and what the form then shows waited for. */
void desk_start_filled(struct desk *desk, const char *number, const char *changes,
                       const struct desk_options *options);

/* And then created: the record is shown. */
void desk_create(struct desk *desk, const char *number, const char *changes);

/* Kills the program, and leaves it no draft and no journal. */
void desk_forget_home(struct desk *desk);

/* Ends the program by its key, and expects it to leave nothing behind. */
void desk_leave(struct desk *desk);

/* An environment in which it soon gives up: after 1 s an attempt, after 2 s the intent. */
extern const char *const desk_impatient[];

/* The screen's text (the caller's to free), once the form stands on it whole: the account at the
 * top, the keys at the bottom. */
char *desk_picture(const struct desk *desk);

/* Opens a terminal with an interactive shell instead; its variable INVONCE is the program. */
void desk_start_shell(struct desk *desk);

/* The server stands still: it takes connections and answers nothing until it is let go. */
void desk_hold_server(struct desk *desk);
void desk_let_go_server(struct desk *desk);

/* The audit, oldest first: objects with outcome, key, number and status. New reference. */
struct json *desk_audit(const struct desk *desk);

/* How many invoices and keys the server's database holds. */
long long desk_invoices(const struct desk *desk);
long long desk_keys(const struct desk *desk);

/* The server dies as in a crash, and one starts at the same address on the same store. */
void desk_kill_server(struct desk *desk);
void desk_restart_server(struct desk *desk);

/* Closes everything and forgets the home. False when the program, which is left as by closing its
 * window, ended otherwise, or the server, stopped by SIGTERM, had something to complain of. */
bool desk_close(struct desk *desk);

/* A test of the file's own `desk`, which is opened before it and closed after it. */
#define DESK_TEST(function)                                                                        \
    cmocka_unit_test_prestate_setup_teardown(function, desk_set_up, desk_tear_down, &desk)
/* The same for one that opens it itself. */
#define DESK_OPENING_TEST(function)                                                                \
    cmocka_unit_test_prestate_setup_teardown(function, NULL, desk_tear_down, &desk)
int desk_set_up(void **desk);
int desk_tear_down(void **desk);

/* The program under test. */
const char *desk_program(void);

/* From now on that, and the server, are those that have orders, too (order.h). */
void desk_use_orders(void);

#endif
