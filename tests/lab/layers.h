/* The layers, and which of them are on in each column of the table. */
#ifndef INVONCE_TESTS_LAB_LAYERS_H
#define INVONCE_TESTS_LAB_LAYERS_H

#include <stdbool.h>

enum layer {
    LAYER_FORM = 1,       /* off: the form's own mistake, no-lock */
    LAYER_KEY = 2,        /* off: the server's --without idempotency */
    LAYER_CONSTRAINT = 4, /* off: the server's --without unique */
};

struct layers {
    const char *name; /* on the command line, and above the column */
    unsigned on;      /* a set of enum layer */
};

#define LAYERS_COUNT 5
extern const struct layers LAYERS[LAYERS_COUNT];

bool layers_have(const struct layers *layers, enum layer layer);

/* The one of that name; NULL: there is none. */
const struct layers *layers_named(const char *name);

#endif
