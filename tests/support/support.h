/* What all test support stands on: time, waiting for a condition, and giving up with a sentence. */
#ifndef INVONCE_TESTS_SUPPORT_SUPPORT_H
#define INVONCE_TESTS_SUPPORT_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>

/* How long a condition may take that is sure to come, in ms: long enough for a sanitizer's build on
 * a busy machine; a test that passes never waits it out. */
#define PATIENCE_MS 60000

/* For what no test can go on without (memory, a process, a temporary file): says it and aborts. */
_Noreturn __attribute__((format(printf, 1, 2))) void support_die(const char *format, ...);

/* Milliseconds of a clock that is never set. */
long long support_now_ms(void);

/* True as soon as `condition` is; false when `timeout_ms` have passed without it. */
bool support_wait_until(bool (*condition)(void *context), void *context, int timeout_ms);

/* A seed for what is left to chance: INVONCE_SEED where that is set, so that a failing run can be
 * had again, else the time. Says it on standard output. */
unsigned support_seed(void);

/* Formatted text. Owned by the caller (free); never NULL. */
__attribute__((format(printf, 1, 2))) char *support_format(const char *format, ...);

/* Memory that grows; `bytes` is NUL-terminated and the owner's to free. */
struct support_buffer {
    char *bytes;
    size_t length;
};
void support_append(struct support_buffer *buffer, const void *bytes, size_t length);

#endif
