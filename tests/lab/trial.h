/* One trial: one thing that an operator means, carried out once, in a world where some layers are
 * on. What is left to chance in it comes from its seed. */
#ifndef INVONCE_TESTS_LAB_TRIAL_H
#define INVONCE_TESTS_LAB_TRIAL_H

#include "tests/lab/evidence.h"
#include "tests/lab/layers.h"
#include "tests/support/mock.h"

#include <stdint.h>

/* Who uses the server: one tenant's. */
#define TRIAL_TENANT "north"

/* What the trials of one cell share. */
struct world {
    const struct layers *layers;
    struct mock mock;
    struct evidence *evidence;
    const char *const *options; /* of the scenario's server, NULL-ended; NULL: none */
};

struct trial {
    struct world *world;
    const char *scenario; /* NULL: an experiment of the checker's test */
    unsigned seed;
    uint64_t drawn;
    char subject[24]; /* the invoice's number, of this trial alone */
    char *body;       /* the invoice, as JSON */
};

/* A server with the world's layers, the scenario's options and the faults API. */
void world_open(struct world *world, const struct layers *layers, const char *const *options);

/* Its server starts again at the same address on the same store, after it ended. */
void world_start_again(struct world *world);

/* Until so many requests for the subject are in the audit, the faulted ones too. */
void world_wait_for(const struct world *world, const char *subject, long long requests);

/* These rules and no others are in force ("drop-response@first=1"; NULL: none), counted anew;
 * delays that are under way end. */
void world_harm(const struct world *world, const char *rule);

/* Takes the server's audit and tables into the evidence. */
void world_gather(struct world *world);
void world_close(struct world *world);

/* 0 to `count` - 1. */
unsigned trial_draw(struct trial *trial, unsigned count);

/* Until the request itself, and no mere question of the form's, has come to the server, which is
 * stopped, and waits to be read: more bytes than the invoice has. */
void trial_wait_for_bytes(const struct trial *trial);

/* For what no trial can go on without: says it, with the command that repeats the trial, and ends.
 */
_Noreturn __attribute__((format(printf, 2, 3))) void trial_give_up(const struct trial *trial,
                                                                   const char *format, ...);

/* That command. The caller's to free. */
char *trial_command(const struct trial *trial);

#endif
