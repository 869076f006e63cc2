/* The scenarios: the rows of the table. */
#ifndef INVONCE_TESTS_LAB_SCENARIOS_H
#define INVONCE_TESTS_LAB_SCENARIOS_H

#include "tests/lab/trial.h"

#include <stddef.h>

/* Columns in which DESIGN.md section 1 predicts duplicates, as a set. */
#define IN_NONE       (1U << 0)
#define IN_FORM       (1U << 1)
#define IN_KEY        (1U << 2)
#define IN_CONSTRAINT (1U << 3)

struct scenario {
    const char *name;  /* on the command line */
    const char *title; /* in the table */
    void (*run)(struct trial *trial);
    unsigned duplicates;    /* where they must be seen, and nowhere else */
    const char *kind;       /* of what is counted: "invoice" unless told */
    const char *options[8]; /* of its server, NULL-ended */
};

extern const struct scenario SCENARIOS[];
extern const size_t SCENARIO_COUNT;

/* The one of that name; NULL: there is none. */
const struct scenario *scenario_named(const char *name);

/* scenario_presses.c: fingers */
void scenario_enter_twice(struct trial *trial);
void scenario_enter_and_button(struct trial *trial);
void scenario_refresh(struct trial *trial);

/* scenario_network.c: replies that don't come, and others at the same instant */
void scenario_lost_reply(struct trial *trial);
void scenario_time_out(struct trial *trial);
void scenario_two_terminals(struct trial *trial);
void scenario_same_key_at_once(struct trial *trial);
void scenario_redelivery(struct trial *trial);

/* scenario_crashes.c: what ends, and what comes much later */
void scenario_client_killed(struct trial *trial);
void scenario_server_killed_before(struct trial *trial);
void scenario_server_killed_after(struct trial *trial);
void scenario_key_expired(struct trial *trial);

#endif
