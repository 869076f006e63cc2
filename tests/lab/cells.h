/* All cells of the table, several at a time, each in a process of its own. */
#ifndef INVONCE_TESTS_LAB_CELLS_H
#define INVONCE_TESTS_LAB_CELLS_H

#include "tests/lab/show.h"

#define CELLS_AT_ONCE_MAX 32

struct cells_progress {
    unsigned trials, of; /* done, in all cells */
    size_t rows;         /* the first so many are done */
};

/* Runs the cells that have a scenario; `tell` is called after each trial. False when one ended
 * before it was done: what it said is on standard error, and its `trials` are 0. */
bool cells_run(struct table *table, unsigned at_once,
               void (*tell)(const struct table *table, const struct cells_progress *progress));

#endif
