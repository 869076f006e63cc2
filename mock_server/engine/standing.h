/* Records that stand in the way of a unique rule: named in the log when the server starts. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_STANDING_H
#define INVONCE_MOCK_SERVER_ENGINE_STANDING_H

#include "mock_server/store/store.h"

/* False: they can't be read. */
bool standing_tell(struct store *store);

#endif
