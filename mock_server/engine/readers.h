/* A reading session of the store for each thread that asks, so that reading waits for nobody. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_READERS_H
#define INVONCE_MOCK_SERVER_ENGINE_READERS_H

#include "mock_server/store/store.h"

void readers_start(struct store *store);

/* This thread's session; NULL: it can't be opened, or the store was lost. */
struct store_session *readers_session(void);

/* True when the store can be read, by this thread at least. */
bool readers_are_well(void);

/* When no thread reads any more. */
void readers_stop(void);

#endif
