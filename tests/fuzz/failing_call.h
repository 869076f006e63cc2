/* What torture and failing_call.c share, through a file that both have mapped: which call of a
 * program is to fail, and what became of it. */
#ifndef INVONCE_TESTS_FUZZ_FAILING_CALL_H
#define INVONCE_TESTS_FUZZ_FAILING_CALL_H

#include <stdatomic.h>
#include <stdint.h>

/* Names the file. */
#define FAILING_CALL_VARIABLE "INVONCE_FAILING_CALL"

enum failing_kind {
    FAILING_MEMORY, /* malloc, calloc, realloc and their like */
    FAILING_CALLS,  /* what has to do with files and connections */
};

/* In `nth`: none fails, but of each call is noted where it came from. */
#define FAILING_NONE_NOTED (-1)
#define FAILING_NOTED_MAX  65536

struct failing_call {
    _Atomic int kind;
    atomic_long nth; /* from when it was set, the one that fails; 0: none does */
    atomic_long count;
    atomic_bool struck;
    char where[512]; /* its name, and where it was called from; once it has struck */
    uint64_t from[FAILING_NOTED_MAX]; /* of each that was noted: another one for another place, 0
                                         where others would have to mend: where a library begins,
                                         and memory for threads of its own */
};

#endif
