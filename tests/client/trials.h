/* The same experiment many times over, several at once. */
#ifndef INVONCE_TESTS_CLIENT_TRIALS_H
#define INVONCE_TESTS_CLIENT_TRIALS_H

#include <stddef.h>
#include <stdint.h>

/* One experiment, on a thread that has it to itself: NULL when all was as it should be, else a
 * sentence, the caller's to free. Must not use the test framework's assertions. */
typedef char *trials_work(size_t index, void *context);

/* Does work(0) to work(count - 1), `at_once` of them at a time; says what went wrong on standard
 * error and gives how many did. */
size_t trials_run(const char *name, size_t count, size_t at_once, trials_work *work, void *context);

/* The `index`-th number of a seed's sequence: well mixed, the same each time. */
uint64_t trials_chance(unsigned seed, uint64_t index);

#endif
