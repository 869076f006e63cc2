/* Somebody at a terminal: a home, and `invonce` in a pseudo-terminal. Where the form's layer is on
 * it is the program as people use it; where it is off, the demonstration's form with its mistake
 * no-lock, of the same program, before the same server. */
#ifndef INVONCE_TESTS_LAB_OPERATOR_H
#define INVONCE_TESTS_LAB_OPERATOR_H

#include "tests/client/room.h"
#include "tests/lab/trial.h"
#include "tests/terminal/pty.h"

/* The demonstration's token, which it keeps in a file: as --token takes it. */
#define OPERATOR_DEMO_TOKEN  "north:dan=" OPERATOR_DEMO_SECRET
#define OPERATOR_DEMO_SECRET "0123456789abcdef0123456789abcdef"

struct operator
{
    struct trial *trial;
    const char *client; /* by which the evidence knows them */
    const char *bug;    /* as demo's --bug takes it; NULL: none */
    struct room room;
    struct pty *pty;
};

/* Opens the home of somebody who means the trial's invoice, once; `settings` (NULL-ended; NULL:
 * none) are variables NAME=VALUE for the program. */
void operator_open(struct operator* operator, struct trial * trial, const char *client,
                   const char *const *settings);

/* Starts the program with the trial's invoice filled in; the one before ends. */
void operator_fill_in(struct operator* operator);

/* Starts it with an empty form. */
void operator_start(struct operator* operator);

/* As keys_press takes them. */
void operator_press(struct operator* operator, const char * keys);

/* Clicks on the button; where it says that it saves, all the same. */
void operator_click(struct operator* operator);

/* Every key was read, and what there was to say of them is said. */
void operator_wait_idle(struct operator* operator);

/* Until the screen shows that text. */
void operator_wait_for(struct operator* operator, const char * text);

/* Until the form says how it ended, which goes into the evidence. */
void operator_be_told(struct operator* operator);

/* The same after a restart: of an invoice from before. */
void operator_be_told_of_before(struct operator* operator);

/* SIGKILL. */
void operator_kill(struct operator* operator);

/* Ends all; the home's journals go into the evidence. */
void operator_close(struct operator* operator);

#endif
