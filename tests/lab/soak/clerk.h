/* Somebody who enters invoices in the form, in a pseudo-terminal, one after the other, and whose
 * terminal goes away now and then. */
#ifndef INVONCE_TESTS_LAB_SOAK_CLERK_H
#define INVONCE_TESTS_LAB_SOAK_CLERK_H

#include "tests/lab/soak/dice.h"
#include "tests/lab/soak/operator.h"

#define CLERK_DESKS_MAX 24

/* After a kill the next form is at a new desk, as the old one would first ask about its draft; who
 * shares a desk isn't killed. */
struct clerk {
    struct soak *soak;
    unsigned number;
    const char *url;
    struct desk *shared; /* NULL: none */
    struct desk *desks[CLERK_DESKS_MAX];
    size_t desk_count;
    struct dice dice;
};

/* On a thread of its own, until all is settled. */
void *clerk_run(void *clerk);

/* The journals of its own desks, into the evidence. */
void clerk_close(struct clerk *clerk);

#endif
