/* For each bug that can be planted, what forces its harm. */
#ifndef INVONCE_TESTS_LAB_EXPERIMENTS_H
#define INVONCE_TESTS_LAB_EXPERIMENTS_H

#include "tests/lab/trial.h"

#include <stddef.h>

struct experiment {
    const char *bug;        /* its name */
    bool is_server_s;       /* planted by the server's --bug; else in the client */
    const char *options[8]; /* of the server besides, NULL-ended */
    /* All layers are on. `bug`: the client's, to be planted; NULL: the programs are as they are. */
    void (*run)(struct trial *trial, const char *bug);
    const char *rule; /* of the checker: that is what must be found, among others perhaps */
};

extern const struct experiment EXPERIMENTS[];
extern const size_t EXPERIMENT_COUNT;

#endif
