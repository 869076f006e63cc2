/* The model's two servers: the real engine, each on a store of its own opening, of one SQLite file.
 */
#ifndef INVONCE_TESTS_MODEL_REPLAY_ENGINE_H
#define INVONCE_TESTS_MODEL_REPLAY_ENGINE_H

#include "tests/model/replay.h"

#define ENGINE_TEXT_SIZE 160

struct engine;

/* With unique constraints, or without; in a directory for it. Dies where it can't be. */
struct engine *engine_open(const char *directory, bool unique);
void engine_close(struct engine *engine);

/* Nothing is there, and nothing runs. */
void engine_begin(struct engine *engine, enum scenario scenario);

/* Has a server do what the model says ("claim", "create", "complete", "refuse", "crash_in_claim",
 * "crash_in_create", "crash_server") with a request. What comes of it is returned in the model's
 * words, and for an answer put into it. NULL: there is no such thing to do. */
const char *engine_do(struct engine *engine, const char *doing, int server, int request,
                      struct answer *answer);

/* Time goes on: by a lease, or by a lifetime, with the reaper behind it every other time. */
void engine_pass_lease(struct engine *engine);
void engine_pass_lifetime(struct engine *engine);

/* The rows and the two keys, as the model writes them. */
void engine_describe(struct engine *engine, char text[ENGINE_TEXT_SIZE]);

#endif
