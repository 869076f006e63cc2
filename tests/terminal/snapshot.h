/* What a terminal shows of a stage, as one text that can be compared with another. */
#ifndef INVONCE_TESTS_TERMINAL_SNAPSHOT_H
#define INVONCE_TESTS_TERMINAL_SNAPSHOT_H

#include "tests/terminal/pty.h"
#include "tests/terminal/stages.h"

#include <stdbool.h>

enum snapshot_detail {
    SNAPSHOT_ALL_BUT_THE_CLOCK,
    SNAPSHOT_ALL_BUT_THE_NEWS,   /* that the status line tells */
    SNAPSHOT_ALL_BUT_WHAT_IS_NEW /* numbers, keys and times too */
};

/* Text, looks and cursor. The caller's to free. */
char *snapshot_take(struct pty *pty, const struct stage *stage, enum snapshot_detail detail);

struct snapshot_comparison {
    const struct stage *stage;
    enum snapshot_detail detail;
    const char *before;
    bool same; /* is it to be */
};

/* A condition to wait for, of a struct snapshot_comparison: the picture now is the one before, or
 * isn't. */
bool snapshot_compares(struct pty *pty, const void *comparison);

#endif
