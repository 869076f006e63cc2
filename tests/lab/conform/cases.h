/* What a server is tried for, case by case. */
#ifndef INVONCE_TESTS_LAB_CONFORM_CASES_H
#define INVONCE_TESTS_LAB_CONFORM_CASES_H

#include "tests/lab/conform/run.h"

#include <stddef.h>

struct conform_case {
    const char *name;
    const char *title; /* what holds when it passes */
    void (*run)(struct run *run);
};

/* The first one says whether there is anything to try. */
extern const struct conform_case CASES[];
extern const size_t CASE_COUNT;

/* Their functions, file by file. */
void case_create(struct run *run);
void case_replay(struct run *run);
void case_spelling(struct run *run);
void case_key_forms(struct run *run);
void case_near_keys(struct run *run);
void case_key_in_body(struct run *run);
void case_location(struct run *run);
void case_endpoint(struct run *run);
void case_tenant(struct run *run);
void case_expiry(struct run *run);

void case_other_body(struct run *run);
void case_missing_key(struct run *run);
void case_malformed_key(struct run *run);
void case_disagreeing_key(struct run *run);
void case_order(struct run *run);
void case_size(struct run *run);
void case_invalid(struct run *run);
void case_conflict(struct run *run);

void case_simultaneous(struct run *run);
void case_in_progress(struct run *run);
void case_race(struct run *run);
void case_lost_reply(struct run *run);
void case_server_error(struct run *run);
void case_crash(struct run *run);

#endif
