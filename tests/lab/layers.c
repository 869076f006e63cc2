#include "tests/lab/layers.h"

#include <stddef.h>
#include <string.h>

const struct layers LAYERS[LAYERS_COUNT] = {
    {"none", 0},
    {"form", LAYER_FORM},
    {"key", LAYER_KEY},
    {"constraint", LAYER_CONSTRAINT},
    {"all", LAYER_FORM | LAYER_KEY | LAYER_CONSTRAINT},
};

bool layers_have(const struct layers *layers, enum layer layer)
{
    return (layers->on & (unsigned)layer) != 0;
}

const struct layers *layers_named(const char *name)
{
    for (int i = 0; i < LAYERS_COUNT; i++)
        if (strcmp(LAYERS[i].name, name) == 0) return &LAYERS[i];
    return NULL;
}
