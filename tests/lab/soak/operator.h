/* Somebody who enters invoices by `invonce create`, input after input, in a home of their own or
 * one that they share, and who is killed and stopped at it. */
#ifndef INVONCE_TESTS_LAB_SOAK_OPERATOR_H
#define INVONCE_TESTS_LAB_SOAK_OPERATOR_H

#include "tests/lab/soak/dice.h"
#include "tests/lab/soak/soak.h"

#include "tests/client/room.h"

#define INPUT_RECORDS_MAX 500

#define DESK_BUDGET      "30s"  /* of an intent's tries */
#define DESK_PATIENCE_MS 300000 /* in which a client says something: ten such budgets */

/* A home and its journal. */
struct desk {
    struct room room;
    char client[24]; /* by which the evidence knows it */
    const char *tenant;
    int patience_ms;      /* a client that says nothing for so long hangs */
    bool is_plain;        /* it means nothing that others mean, and nothing that is wrong */
    atomic_uint collided; /* how many numbers that others use as well were taken */
};

void desk_open(struct desk *desk, struct soak *soak, size_t index, const char *url,
               const char *tenant, const char *token);

/* Sends what is in its outbox, until nothing is. */
void desk_settle(struct desk *desk, struct soak *soak);

/* Takes its journal into the evidence. */
void desk_close(struct desk *desk, struct soak *soak);

struct operator
{
    struct soak *soak;
    struct desk *desk;
    unsigned number;      /* of all operators */
    unsigned records_max; /* in an input */
};

/* On a thread of its own: until all is settled, or there is no time left. */
void *operator_run(void *operator);

#endif
