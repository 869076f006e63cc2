/* Every kind there is. */
#include "protocol/client/intent.h"

#include <stddef.h>
#include <string.h>

static const struct intent_kind *const KINDS[] = {&invoice_intent};

const struct intent_kind *intent_kind_named(const char *name)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strcmp(KINDS[i]->name, name) == 0) return KINDS[i];
    return NULL;
}
