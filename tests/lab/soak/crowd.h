/* All who take part in a soak, each on a thread of their own. */
#ifndef INVONCE_TESTS_LAB_SOAK_CROWD_H
#define INVONCE_TESTS_LAB_SOAK_CROWD_H

#include "tests/lab/soak/clerk.h"
#include "tests/lab/soak/meddler.h"
#include "tests/lab/soak/operator.h"
#include "tests/lab/soak/parts.h"
#include "tests/lab/soak/program.h"
#include "tests/lab/soak/receiver.h"

#define CROWD_DESKS     4
#define CROWD_OPERATORS 6
#define CROWD_PROGRAMS  3
#define CROWD_MEDDLERS  2
#define CROWD_CLERKS    2
#define CROWD_THREADS   16

struct crowd {
    struct desk desks[CROWD_DESKS];
    struct operator operators[CROWD_OPERATORS];
    struct program programs[CROWD_PROGRAMS];
    struct meddler meddlers[CROWD_MEDDLERS];
    struct clerk clerks[CROWD_CLERKS];
    struct player player;
    pthread_t threads[CROWD_THREADS];
    const char *names[CROWD_THREADS];
    size_t count; /* of those that were not seen to end yet */
};

void crowd_open(struct crowd *crowd, struct soak *soak);

/* Whether all of them have ended; waits for a moment. */
bool crowd_has_ended(struct crowd *crowd, int ms);

/* One that hasn't, in words; NULL: all have. */
const char *crowd_last(const struct crowd *crowd);

/* Once they have: what they wrote down goes into the evidence. */
void crowd_close(struct crowd *crowd, struct soak *soak);

#endif
