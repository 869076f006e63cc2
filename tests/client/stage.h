/* The stage of most tests of the command: a server, and a room to call it from. */
#ifndef INVONCE_TESTS_CLIENT_STAGE_H
#define INVONCE_TESTS_CLIENT_STAGE_H

#include "tests/client/room.h"
#include "tests/support/mock.h"

struct stage {
    struct mock mock;
    struct room room;
};

/* For cmocka: *state is a struct stage from one to the other. */
int stage_set_up(void **state);
int stage_tear_down(void **state);

#endif
