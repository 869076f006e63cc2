/* The table, for people and for programs. */
#ifndef INVONCE_TESTS_LAB_SHOW_H
#define INVONCE_TESTS_LAB_SHOW_H

#include "tests/lab/cell.h"

#include <stdio.h>

#define SCENARIOS_MAX 16

/* A cell without a scenario wasn't asked for; one without trials couldn't be carried out. */
struct table {
    unsigned seed;
    struct cell cells[SCENARIOS_MAX][LAYERS_COUNT];
};

/* On standard output, row by row; a row that wasn't asked for is passed over. */
void show_head(unsigned seed);
void show_row(const struct table *table, size_t row);

/* What isn't as it must be, with what repeats it. True: nothing. */
bool show_complaints(const struct table *table, FILE *file);

/* All at once. */
void show_json(const struct table *table, FILE *file);

/* A heat map, and closes the file: false when it can't be written (errno). */
bool show_svg(const struct table *table, FILE *file);

#endif
