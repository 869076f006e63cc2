/* A program run system call by system call, and killed at one of them. */
#ifndef INVONCE_TESTS_CLIENT_STEPPER_H
#define INVONCE_TESTS_CLIENT_STEPPER_H

#include "tests/client/room.h"

#include <stdbool.h>
#include <stddef.h>

struct stepped {
    bool killed;
    int code;     /* how it ended by itself; 128 + the signal that ended it */
    size_t stops; /* each system call of its first thread stops it twice: before it and after it */
    size_t told;  /* the last of them that was at a write to its standard output */
    size_t
        loaded; /* how many of them came before it first wrote to a file: mostly its libraries' */
};

/* Runs `invonce` in the room and sends SIGKILL at the `kill_at`-th stop (0: never). A call it is
 * killed before is never made. Its output goes nowhere. Thread-safe. */
struct stepped stepper_run(const struct room *room, const char *const *arguments, size_t kill_at);

#endif
