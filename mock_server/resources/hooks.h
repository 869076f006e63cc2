/* What no row can say of the resources that there are. */
#ifndef INVONCE_MOCK_SERVER_RESOURCES_HOOKS_H
#define INVONCE_MOCK_SERVER_RESOURCES_HOOKS_H

#include "mock_server/attempts/reading.h"
#include "mock_server/engine/kept.h"

struct kept kept_of(const struct resource *resource);

/* A list's query for the children of one, which has the parent's name, read: of the one that stands
 * for it now. *id is none's where there is none. False, with the refusal in the reply: it can't be.
 */
bool parent_find(struct reading *reading, const struct parent *parent, const char *text,
                 int64_t *id);

/* The query status of any list; false, with the refusal in the reply: it is none. */
bool status_read(struct reading *reading, enum store_merged *merged);

#endif
