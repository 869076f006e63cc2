/* What a fuzz target is: libFuzzer's entry, so that clang's engine can run it as well as ours. */
#ifndef INVONCE_FUZZ_FUZZ_H
#define INVONCE_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Always 0; a promise that doesn't hold aborts. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
