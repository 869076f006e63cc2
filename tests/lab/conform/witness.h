/* A connection that stands as long as the server which answered over it: whether that one ended. */
#ifndef INVONCE_TESTS_LAB_CONFORM_WITNESS_H
#define INVONCE_TESTS_LAB_CONFORM_WITNESS_H

#include "tests/lab/conform/settings.h"

#include <stdbool.h>

struct witness {
    void *curl;
    int socket; /* -1: the server keeps no connection open */
};

void witness_open(struct witness *witness, const struct run_settings *settings);

/* True when the other side has ended it, or does within a second. */
bool witness_saw_an_end(const struct witness *witness);

void witness_close(struct witness *witness);

#endif
