/* The command line of `invonce-lab soak`. */
#ifndef INVONCE_TESTS_LAB_SOAK_OPTIONS_H
#define INVONCE_TESTS_LAB_SOAK_OPTIONS_H

#include <stdbool.h>

struct options {
    long long intents, seconds;
    unsigned seed;
    bool is_postgres;
    const char *bug; /* that the servers have; NULL: none */
};

/* -1, or the exit code where there is nothing to run. */
int options_read(struct options *options, char **arguments);

#endif
