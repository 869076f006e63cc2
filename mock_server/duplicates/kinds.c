#include "mock_server/duplicates/kinds.h"

#include <string.h>

static kept_at *each_kept;
static const struct creator *payment_creator_of_all;

void kinds_set(kept_at *kept, const struct creator *payment)
{
    each_kept = kept;
    payment_creator_of_all = payment;
}

bool kinds_find(const char *name, struct kept *kept)
{
    for (size_t i = 0; each_kept(i, kept); i++) {
        if (strcmp(kept->resource->name, name) == 0) {
            return true;
        }
    }
    return false;
}

bool kinds_child(const struct resource *of, size_t i, struct kept *kept)
{
    for (size_t at = 0; each_kept(at, kept); at++) {
        if (kept->parent && kept->parent->resource == of && i-- == 0) {
            return true;
        }
    }
    return false;
}

const struct creator *kinds_payment(void)
{
    return payment_creator_of_all;
}
