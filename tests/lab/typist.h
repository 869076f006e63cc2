/* Somebody at a terminal: a home, and `invonce` in a pseudo-terminal. Where the form's layer is on
 * it is the program as people use it; where it is off, the demonstration's form with its mistake
 * no-lock, of the same program, before the same server. */
#ifndef INVONCE_TESTS_LAB_TYPIST_H
#define INVONCE_TESTS_LAB_TYPIST_H

#include "tests/client/room.h"
#include "tests/lab/trial.h"
#include "tests/terminal/pty.h"

/* The demonstration's token, which it keeps in a file: as --token takes it. */
#define TYPIST_DEMO_TOKEN  "north:" TYPIST_DEMO_USER "=" TYPIST_DEMO_SECRET
#define TYPIST_DEMO_USER   "dan"
#define TYPIST_DEMO_SECRET "0123456789abcdef0123456789abcdef"

struct typist {
    struct trial *trial;
    const char *client; /* by which the evidence knows them */
    const char *bug;    /* as demo's --bug takes it; NULL: none */
    struct room room;
    struct pty *pty;
};

/* Opens the home of somebody who means the trial's invoice, once, and whose form has that mistake
 * (NULL: none). */
void typist_open(struct typist *typist, struct trial *trial, const char *client, const char *bug);

/* The mistake of a form in this world. */
const char *typist_bug(const struct world *world);

/* Starts the program with the trial's invoice filled in; the one before ends. */
void typist_fill_in(struct typist *typist);

/* Starts it with an empty form. */
void typist_start(struct typist *typist);

/* As keys_press takes them. */
void typist_press(struct typist *typist, const char *keys);

/* Clicks on the button; where it says that it saves, all the same. */
void typist_click(struct typist *typist);

/* Every key was read, and what there was to say of them is said. */
void typist_wait_idle(struct typist *typist);

/* Until the screen shows that text. */
void typist_wait_for(struct typist *typist, const char *text);

/* Until the form says how it ended, which goes into the evidence. */
void typist_be_told(struct typist *typist);

/* The same after a restart: of an invoice from before. */
void typist_be_told_of_before(struct typist *typist);

/* SIGKILL. */
void typist_kill(struct typist *typist);

/* Leaves the form by its key, if it is an honest one; its exit code and the home's journals go into
 * the evidence. */
void typist_close(struct typist *typist);

#endif
