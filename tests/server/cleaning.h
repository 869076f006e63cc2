/* Records of before, and the commands on them, as a person would run them beside a server. */
#ifndef INVONCE_TESTS_SERVER_CLEANING_H
#define INVONCE_TESTS_SERVER_CLEANING_H

#include "tests/server/api.h"
#include "tests/support/process.h"

/* Starts the program with words (NULL-ended), on the mock's store and for tenant north. */
void cleaning_start(struct process *process, const struct mock *mock, const char *const *words);

/* The same to its end, which must be that code; what it wrote, to be cleared. */
struct process_result cleaning_run(const struct mock *mock, int code, const char *const *words);
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Imports a text as a file of that name; the code must be that one. Its standard error, the
 * caller's to free. */
char *cleaning_import(const struct mock *mock, int code, const char *name, const char *text);

/* A record as JSON, a line of a file; `changes` as in sample_body. Appends it. */
void cleaning_add(struct support_buffer *file, const char *number, const char *changes);

#endif
