/* One run against a server: what is asked of it, and what is remembered of the case under way. No
 * wait in it is without an end, whatever the server does. */
#ifndef INVONCE_TESTS_LAB_CONFORM_RUN_H
#define INVONCE_TESTS_LAB_CONFORM_RUN_H

#include "tests/lab/conform/cutter.h"
#include "tests/lab/conform/endpoint.h"
#include "tests/lab/conform/faults.h"
#include "tests/lab/conform/settings.h"
#include "tests/support/http.h"

#include "protocol/wire/idempotency_key.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* One request, and what came of it. */
struct exchange {
    char *method, *url, *headers, *body; /* as sent; the token left out */
    struct http_reply reply;
    const char *trouble;        /* why there is no whole reply; NULL: there is one */
    bool is_given_up;           /* the trouble is ours: it says nothing of the server */
    struct support_buffer lost; /* what was cut of it, as it came; with TLS in its own words */
    struct exchange *before;
};

struct run {
    const struct run_settings *settings;
    const struct endpoint *endpoint;
    struct faults faults;
    char *host, *service;
    char stem[16]; /* what is {{unique}} in this run begins with it */
    unsigned named;
    long long deadline;
    atomic_int silent; /* requests without an answer since the last one with one */

    pthread_mutex_t lock;
    struct exchange *exchanges; /* the last one first */
    struct json *failures;      /* of the case */
    const char *lack;           /* why the case can't be tried; NULL: it can */
    struct run_text *texts;
};

void run_open(struct run *run, const struct run_settings *settings,
              const struct endpoint *endpoint);

/* False: what was done to the server couldn't be undone, and a sentence said so. */
bool run_close(struct run *run);

/* What was asked and kept for a case is let go. */
void run_next_case(struct run *run);

/* A text (taken over) that lasts as long as the case. Thread-safe. */
const char *run_keep(struct run *run, char *text);

/* --- asking --- */

/* What isn't set is as for a request that is well. */
struct question {
    const char *method, *path;
    const char *url;       /* in place of the path */
    const char *token;     /* "": none */
    const char *key;       /* the header's value; NULL: no header */
    const char *other_key; /* a second one */
    const char *body;      /* NULL: none */
    const char *type;      /* of the body */
    enum cut cut;          /* what becomes of the reply */
};

/* Asks once, over a connection of its own. Borrowed until the case is over. Thread-safe. */
const struct exchange *run_ask(struct run *run, const struct question *question);

/* Something to be created, once. */
struct intent {
    const char *key;    /* as such */
    const char *header; /* as it goes into one */
    const char *unique;
    const char *body;
};

struct intent run_intent(struct run *run);

/* The same under a key of its own, with these members changed (NULL: none). */
struct intent run_other_intent(struct run *run, const struct intent *intent,
                               const struct json *changes);

const char *run_header(struct run *run, const char *form, const char *key);

/* A new key of that length. */
const char *run_long_key(struct run *run, size_t length);

/* The body with the key in the member that is for it. */
const char *run_keyed_body(struct run *run, const char *body, const char *key);

const char *run_body(struct run *run, const char *unique, const struct json *changes);

const struct exchange *run_send(struct run *run, const struct intent *intent);

/* Its connection ended, or there was none to be had: not that it took too long. */
bool run_was_cut_off(const struct exchange *exchange);

/* The URL of what is there, as the reply to `exchange` named it; NULL: on another server. */
const char *run_resolve(struct run *run, const struct exchange *exchange, const char *reference);

/* --- what only some servers have --- */

/* Until the server says that this key is in progress; false: it doesn't. */
bool run_wait_in_progress(const struct run *run, const struct intent *intent);

/* Runs the command, and waits until the server answers. NULL, or what went wrong. */
const char *run_restart(struct run *run);

void run_sleep(int64_t ms);

#endif
