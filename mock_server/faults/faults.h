/* Faults on purpose: which requests they strike, and how. The table of their names is in faults.c;
 * what each does to a request is in http and attempts. */
#ifndef INVONCE_MOCK_SERVER_FAULTS_FAULTS_H
#define INVONCE_MOCK_SERVER_FAULTS_FAULTS_H

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stdint.h>

#define FAULT_NAMES_SIZE 96

/* What happens instead of the reply, after the commit. */
enum response_fault {
    RESPONSE_AS_IS,
    RESPONSE_DROP,     /* closed without a byte */
    RESPONSE_RESET,    /* RST */
    RESPONSE_TRUNCATE, /* half the body */
    RESPONSE_GARBLE,   /* 200 text/html */
    RESPONSE_STATUS,   /* another status */
    RESPONSE_HANG,     /* never */
    RESPONSE_DRIP,     /* slowly */
};

/* What the rules in force do to one request; all zeros: nothing. */
struct fault_plan {
    bool drop_before;
    int status_before, retry_after_s;
    int64_t delay_before_ms, delay_after_ms; /* around the commit */
    unsigned rules;                          /* their number: each change counts */
    bool crash_before, crash_after;
    enum response_fault response;
    int response_value;           /* the status, or bytes a second */
    char names[FAULT_NAMES_SIZE]; /* of the rules that struck, as "drop-response, status=503" */
};

/* A request, as rules see it. */
struct fault_request {
    const char *tenant, *endpoint, *key; /* the scope of `attempt`; key "": none */
    const char *path;
    bool creating; /* an authenticated POST to a creating route */
    bool shadowed; /* not creating, but its path has a creating route too */
};

void faults_start(uint64_t seed);
void faults_stop(void);

/* Puts rules in the place of those in force. False with a sentence that names the rule and says
 * what was expected (owned by the caller; NULL: out of memory) and its index; those in force stay.
 * The delays of those before are over. */
bool faults_set(const char *const *rules, size_t count, char **message, size_t *wrong);

/* The rules in force, as they were written. New reference. */
struct json *faults_list(void);

/* Arrivals are counted from now on even without a rule, as rules may come later. */
void faults_count_always(void);

/* False when there is nothing to consult: no rules, nothing to count. */
bool faults_are_on(void);

/* Counts the arrival, and finds what strikes it. */
struct fault_plan faults_consult(const struct fault_request *request);

#endif
