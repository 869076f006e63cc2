/* How much memory a program had at its peak. */
#ifndef INVONCE_TESTS_CLIENT_PEAK_H
#define INVONCE_TESTS_CLIENT_PEAK_H

#include <stdbool.h>

struct peak {
    int code;       /* how it ended; 128 + the signal that ended it */
    long kib;       /* VmHWM as it ended */
    double seconds; /* from start to end */
};

/* Runs a program (a path first, NULL-ended) to its end, with our environment and standard input;
 * its standard output goes to the descriptor `output`. */
struct peak peak_run(char *const *argv, int output);

/* True where a sanitizer keeps what was freed for a while: a peak says nothing then. */
bool peak_is_sanitized(void);

#endif
