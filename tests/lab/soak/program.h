/* Somebody else's client: no journal, each key sent several times at one instant to several
 * servers, and again until there is an answer; and the provider who tells of the payment, several
 * times too.
 */
#ifndef INVONCE_TESTS_LAB_SOAK_PROGRAM_H
#define INVONCE_TESTS_LAB_SOAK_PROGRAM_H

#include "tests/lab/soak/soak.h"

struct program {
    struct soak *soak;
    unsigned number; /* of all programs */
};

/* On a thread of its own: until all is settled, or there is no time left. */
void *program_run(void *program);

#endif
