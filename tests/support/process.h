/* Programs that tests start, watch and stop; none outlives the test that started it. */
#ifndef INVONCE_TESTS_SUPPORT_PROCESS_H
#define INVONCE_TESTS_SUPPORT_PROCESS_H

#include "tests/support/support.h"

#include <stdbool.h>
#include <sys/types.h>

#define PROCESS_RUNNING     (-1)
#define PROCESS_SIGNAL_BASE 128 /* a process ended by signal N has the code 128 + N */

/* All zeros is no process. */
struct process {
    pid_t pid;
    int watch;                  /* pidfd: readable once it has ended */
    int output;                 /* its standard output */
    int errors;                 /* a memory file that its standard error goes to */
    int code;                   /* PROCESS_RUNNING until waited for */
    struct support_buffer text; /* what was read of its standard output */
};

/* Starts argv[0] (a path) with standard input from /dev/null. `environment` is a NULL-ended list of
 * NAME=VALUE that replace ours; NULL adds nothing. It is killed if the calling thread ends. */
void process_start(struct process *process, const char *const *argv,
                   const char *const *environment);

/* Reads standard output until `text` has appeared at the start of a line; the rest of that line,
 * the caller's to free, or NULL when the output or `timeout_ms` ends first. */
char *process_expect(struct process *process, const char *text, int timeout_ms);

/* What it wrote on standard error up to now; the caller's to free. */
char *process_errors(const struct process *process);

void process_signal(const struct process *process, int signal);

/* Stops any process, until it gets SIGCONT. When this returns none of its threads runs. */
void process_hold(pid_t pid);

/* Its exit code once it has ended, PROCESS_RUNNING when it hasn't after `timeout_ms`. */
int process_wait(struct process *process, int timeout_ms);

/* Kills it if it still runs, and lets go of everything. */
void process_clear(struct process *process);

struct process_result {
    int code; /* PROCESS_RUNNING: it had to be killed */
    char *output;
    char *errors;
};

/* Runs a program to its end. To be cleared. */
struct process_result process_run(const char *const *argv, const char *const *environment,
                                  int timeout_ms);
void process_result_clear(struct process_result *result);

#endif
