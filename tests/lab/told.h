/* What `invonce create` and `invonce outbox` told, line by line, and by their exit code. */
#ifndef INVONCE_TESTS_LAB_TOLD_H
#define INVONCE_TESTS_LAB_TOLD_H

#include "tests/lab/evidence.h"
#include "tests/support/process.h"

/* Takes the whole lines of a run with --json into the evidence, and its exit code unless it was
 * ended by a signal. `subjects` are those of the input's lines, in their order; NULL: each line
 * names its own. */
void told_by_run(struct evidence *evidence, const char *client, const struct process_result *result,
                 const char *const *subjects);

#endif
