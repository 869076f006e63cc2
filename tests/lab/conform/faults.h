/* A server's faults API (/_mock/faults): a rule of ours for as long as a case needs it, and the
 * rules that it had, which are put back however the run ends: by itself, by Ctrl-C, by SIGTERM or
 * SIGHUP. After a signal the program ends with 128 + signal. */
#ifndef INVONCE_TESTS_LAB_CONFORM_FAULTS_H
#define INVONCE_TESTS_LAB_CONFORM_FAULTS_H

#include "tests/lab/conform/settings.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

/* The rules of ours. */
#define FAULT_HOLD_FIRST "delay-before-commit=1h@first=1"
#define FAULT_HOLD_NEW   "delay-before-commit=1h@attempt=1"
#define FAULT_FAIL_NEW   "status=503@attempt=1"

struct faults {
    const struct run_settings *settings;
    pthread_mutex_t lock; /* whose holder alone changes the server's rules */
    char *rules;          /* as they were; NULL: there is no faults API */
    sigset_t signals;
    pthread_t watcher; /* waits for one of them */
};

/* Before any other thread starts: those inherit that signals are the watcher's. */
void faults_open(struct faults *faults, const struct run_settings *settings);

/* False: the rules couldn't be put back, and a sentence said so. */
bool faults_close(struct faults *faults);

bool faults_are_offered(const struct faults *faults);

/* That rule is in force from here on and no other one; NULL: none is. False: the server doesn't
 * take it. Thread-safe. */
bool faults_set(struct faults *faults, const char *rule);

#endif
