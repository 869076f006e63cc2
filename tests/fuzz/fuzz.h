/* What a fuzz target is: libFuzzer's entries, so that clang's engine can run it as well as ours. */
#ifndef INVONCE_FUZZ_FUZZ_H
#define INVONCE_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* A promise that must hold, whatever comes. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);              \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Always 0; a promise that doesn't hold aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Once, before the first input; a target may do without it. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

#endif
