/* One call to SQLite (or for memory) that fails: the Nth of this program's from when it is told to.
 * Linked into a test with --wrap, as client.cmake has it. */
#ifndef INVONCE_TESTS_UNIT_FAILING_SQLITE_H
#define INVONCE_TESTS_UNIT_FAILING_SQLITE_H

#include <stdbool.h>

/* The Nth statement from now on that is prepared or stepped, or script that is run, fails with
 * `code` (SQLITE_IOERR …) and does nothing; 0: none does. Counting starts anew. */
void failing_sqlite_arm(int nth, int code);

/* The same of the copies of texts and the arrays that grow, in our own code. */
void failing_memory_arm(int nth);

/* True when one has failed since; from here on none does. */
bool failing_sqlite_disarm(void);

#endif
