/* The form in a terminal, from the first picture to the last. */
#ifndef INVONCE_TUI_APP_H
#define INVONCE_TUI_APP_H

#include "protocol/client/retry.h"
#include "protocol/wire/resources/invoice.h"
#include "tui/demo/mistake.h"

#include <stdbool.h>
#include <stdint.h>

/* What `invonce demo` adds to the form. */
struct app_demo_options {
    const char *bug; /* the planted mistake's name; NULL: none */
    struct mistake mistake;
    const char *scratch; /* a directory for what a mistake leaves behind; NULL: without one */
    bool forgets;        /* the journal goes with the program: nothing is promised of it */
    int play_pace;       /* the story plays by itself, so many times as fast; 0: not */
};

/* All borrowed until app_run returns. */
struct app_options {
    const char *server;
    const char *journal_server; /* the origin that the journal knows it by; NULL: `server` */
    const char *token;
    const char *journal_path;
    const char *ca_file; /* NULL: the system's certificates */
    int64_t history_ms;  /* how long the journal keeps what is settled; 0: for good */
    int64_t connect_timeout_ms;
    int64_t attempt_timeout_ms;
    struct retry_policy retry;
    bool insecure;
    const struct values *prefill;        /* NULL: a clean form */
    bool recover;                        /* a draft that was left behind is taken up, not offered */
    const struct app_demo_options *demo; /* NULL: this isn't the demonstration */
    bool plain;                          /* line by line, not on a screen */
};

/* Runs until the operator quits. Returns the exit code: 0; 5 when an intent was left unconfirmed
 * (it is in the journal); 128 and the signal's number when SIGTERM, SIGHUP or SIGINT ended it; 1
 * when it could not start or go on (a sentence is on standard error). The terminal is as it was. */
int app_run(const struct app_options *options);

#endif
