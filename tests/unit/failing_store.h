/* The SQLite store, with one call that fails: its Nth from when it is told to. */
#ifndef INVONCE_TESTS_UNIT_FAILING_STORE_H
#define INVONCE_TESTS_UNIT_FAILING_STORE_H

#include "mock_server/store/store.h"

/* Makes the store's writing sessions, opened from now on, those that may fail. */
void failing_store_install(struct store *store);

/* What store_costs_a_batch says of them. */
void failing_store_costs_a_batch(bool costs);

/* The Nth of their calls fails, and so do `more` after it; 0: none does. Counting starts anew. */
void failing_store_arm(int nth, int more);

/* The same among their commits alone. */
void failing_store_arm_commits(int nth, int more);

/* True when one has failed since it was armed. */
bool failing_store_struck(void);

#endif
