/* The form in a terminal, from the first picture to the last. */
#ifndef INVONCE_TUI_APP_H
#define INVONCE_TUI_APP_H

#include "protocol/client/retry.h"
#include "protocol/wire/invoice.h"

#include <stdbool.h>
#include <stdint.h>

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
    const struct invoice *prefill; /* NULL: a clean form */
    bool recover;                  /* a draft that was left behind is taken up, not offered */
};

/* Runs until the operator quits. Returns the exit code: 0; 5 when an intent was left unconfirmed
 * (it is in the journal); 128 and the signal's number when SIGTERM, SIGHUP or SIGINT ended it; 1
 * when it could not start or go on (a sentence is on standard error). The terminal is as it was. */
int app_run(const struct app_options *options);

#endif
