/* What the commands on records that exist are told by the program: which resources there are, how
 * they are kept, and how a payment comes to be. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_KINDS_H
#define INVONCE_MOCK_SERVER_DUPLICATES_KINDS_H

#include "mock_server/engine/create_once.h"
#include "mock_server/engine/kept.h"

/* Before any command runs. `payment` is what an event that pays is created by. */
void kinds_set(kept_at *kept, const struct creator *payment);

/* The resource of that name; false: there is none. */
bool kinds_find(const char *name, struct kept *kept);

/* The `i`th of those that are listed under records of that one; false: there are no more. */
bool kinds_child(const struct resource *of, size_t i, struct kept *kept);

const struct creator *kinds_payment(void);

#endif
