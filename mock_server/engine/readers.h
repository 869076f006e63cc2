/* A reading session of the store for each thread that asks, so that reading waits for nobody. */
#ifndef INVONCE_MOCK_SERVER_ENGINE_READERS_H
#define INVONCE_MOCK_SERVER_ENGINE_READERS_H

#include "mock_server/engine/reply.h"
#include "mock_server/store/store.h"

void readers_start(struct store *store);

/* This thread's session; NULL: it can't be opened, or the store was lost. */
struct store_session *readers_session(void);

/* True when this thread's last reading failed as the store can't be reached. */
bool readers_are_away(void);

/* The answer where a reading failed: too-busy where that is why, else an internal error that says
 * `detail`. */
void readers_refuse(struct reply *reply, const char *detail);

/* True when the store can be read, by this thread at least. */
bool readers_are_well(void);

/* When no thread reads any more. */
void readers_stop(void);

#endif
