/* A soak: many clients of many kinds, several servers on one store, and all that can go wrong, for
 * as long as it takes; then everything is healed, every intent comes to its end, and the checker
 * judges what was left. What its actors share. */
#ifndef INVONCE_TESTS_LAB_SOAK_SOAK_H
#define INVONCE_TESTS_LAB_SOAK_SOAK_H

#include "tests/lab/soak/dice.h"
#include "tests/lab/soak/field.h"
#include "tests/lab/soak/tally.h"

#include "tests/lab/evidence.h"

#include <pthread.h>
#include <stdatomic.h>

struct soak {
    unsigned seed;
    long long wanted; /* intents */
    struct field field;

    pthread_mutex_t lock; /* of the evidence */
    struct evidence *evidence;

    atomic_llong intents;     /* meant up to now */
    atomic_bool is_all_there; /* everything happened that must */
    atomic_bool is_closing;   /* nothing new is meant any more */
    atomic_bool is_healed;    /* nothing goes wrong any more, and everybody settles what is left */
    atomic_llong settle_by_ms;
    bool is_over; /* nobody is at work any more */
};

/* The evidence is somebody's alone between these. */
struct evidence *soak_evidence(struct soak *soak);
void soak_evidence_done(struct soak *soak);

/* Until then what isn't settled yet is tried again. */
bool soak_may_go_on(struct soak *soak);

void soak_sleep(unsigned ms);

/* For those who are to be in it without being most of it: waits for up to so long, once everything
 * happened that must. */
void soak_pause(struct soak *soak, struct dice *dice, unsigned ms);

/* `invonce-lab soak`: its exit code. */
int soak_main(int argc, char **argv);

#endif
