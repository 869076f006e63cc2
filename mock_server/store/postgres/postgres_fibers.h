/* Fibers: functions that take turns on one thread, each on a stack of its own, so that code that
 * waits for an answer in its middle can be written as if it were alone. Only for store/postgres/.
 */
#ifndef INVONCE_MOCK_SERVER_STORE_POSTGRES_POSTGRES_FIBERS_H
#define INVONCE_MOCK_SERVER_STORE_POSTGRES_POSTGRES_FIBERS_H

#include <stdbool.h>
#include <stddef.h>

struct fibers; /* with their stacks, of one thread */
struct fiber;

/* As many as `count` at once. NULL: out of memory. */
struct fibers *fibers_new(size_t count);
void fibers_free(struct fibers *fibers);

/* A fiber for the body, that begins when it is resumed; NULL: none is free. */
struct fiber *fibers_start(struct fibers *fibers, void (*body)(void *context), void *context);

/* Goes on where it paused, until it pauses or ends. */
void fiber_resume(struct fiber *fiber);

/* From within a body: back to who resumed it. */
void fiber_pause(struct fiber *fiber);

bool fiber_has_ended(const struct fiber *fiber);

/* One that has ended is free to be started again. */
void fiber_let_go(struct fiber *fiber);

#endif
