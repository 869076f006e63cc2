/* Memory that runs out for a moment. malloc and its kin are wrapped by the linker in what links
 * this (see CMakeLists.txt), and cJSON's goes the same way. */
#ifndef INVONCE_TESTS_UNIT_STARVED_H
#define INVONCE_TESTS_UNIT_STARVED_H

#include <stdbool.h>

/* From now on, one allocation is refused, after as many as `after` that are not. */
void starved_begin(long after);

/* No more; true: one was refused. */
bool starved_end(void);

#endif
