/* Memory that runs out for a moment. malloc and its kin are wrapped by the linker in what links
 * this (starve in CMakeLists.txt), and cJSON's goes the same way. */
#ifndef INVONCE_TESTS_UNIT_STARVED_H
#define INVONCE_TESTS_UNIT_STARVED_H

#include <stdbool.h>

/* From now on, on this thread, one allocation is refused, after as many as `after` that are not. */
void starved_begin(long after);

/* No more; true: one was refused. */
bool starved_end(void);

/* For whatever allocates by other means: this one is to be refused. */
bool starved_refuses(void);

#endif
