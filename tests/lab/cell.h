/* One cell of the table: N trials of a scenario with some layers on. */
#ifndef INVONCE_TESTS_LAB_CELL_H
#define INVONCE_TESTS_LAB_CELL_H

#include "tests/lab/checker.h"
#include "tests/lab/scenarios.h"

struct cell {
    const struct scenario *scenario;
    const struct layers *layers;
    unsigned trials;
    long long least, most; /* records made of what was meant once */
    unsigned true_trials;  /* in which everybody was told the truth */
    struct checker_counts counts;
    long long findings;
    double seconds;
};

/* Carries it out, the trials with the seeds `seed`, seed + 1, …; calls `done` after each one. What
 * is wrong in a cell that has all layers on is told on standard error, with the command that
 * repeats it. */
void cell_run(struct cell *cell, unsigned seed,
              void (*done)(const struct cell *cell, unsigned trial));

/* With all layers on: one record, always, and the truth, and nothing else found. Otherwise, that
 * duplicates are seen where they were predicted, and nowhere else. NULL, or what isn't so. */
const char *cell_complaint(const struct cell *cell);

#endif
