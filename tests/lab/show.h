/* The table, for people and for programs. */
#ifndef INVONCE_TESTS_LAB_SHOW_H
#define INVONCE_TESTS_LAB_SHOW_H

#include "tests/lab/cell.h"

#include <stdio.h>

#define SCENARIOS_MAX 16

/* A cell without a scenario wasn't asked for. */
struct table {
    unsigned seed;
    struct cell cells[SCENARIOS_MAX][LAYERS_COUNT];
};

/* On standard output, as the cells come. */
void show_head(unsigned seed);
void show_title(const struct scenario *scenario);
void show_cell(const struct cell *cell);
void show_complaints(const struct table *table);

/* All at once. */
void show_json(const struct table *table, FILE *file);

/* A heat map: false when the file can't be written (errno). */
bool show_svg(const struct table *table, const char *path);

#endif
