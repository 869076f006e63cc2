/* `invonce-lab conform` as tests run it. */
#ifndef INVONCE_TESTS_LAB_CONFORM_RUNS_H
#define INVONCE_TESTS_LAB_CONFORM_RUNS_H

#include "tests/support/process.h"

/* To its end. NULL-ended; `environment` as for process_run. */
struct process_result conform_run(const char *const *arguments, const char *const *environment);

/* The same with a case file of that text, as JSON. */
struct process_result conform_run_case(const char *url, const char *text);

/* Of it that case alone; `ca_file` NULL: it isn't https. */
struct process_result conform_run_only(const char *url, const char *text, const char *only,
                                       const char *ca_file);

/* Only begins; to be cleared. */
void conform_start(struct process *process, const char *const *arguments);

#endif
