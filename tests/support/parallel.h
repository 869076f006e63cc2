/* The same thing done by many threads at one instant. */
#ifndef INVONCE_TESTS_SUPPORT_PARALLEL_H
#define INVONCE_TESTS_SUPPORT_PARALLEL_H

#include <stddef.h>

/* Calls work(index, context) for 0 to count - 1, each on a thread of its own, all let go together;
 * returns when all are done. `work` must not use the test framework's assertions. */
void parallel_run(size_t count, void (*work)(size_t index, void *context), void *context);

#endif
