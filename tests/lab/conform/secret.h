/* A token. */
#ifndef INVONCE_TESTS_LAB_CONFORM_SECRET_H
#define INVONCE_TESTS_LAB_CONFORM_SECRET_H

#include <stdbool.h>

/* The first line of a file, the caller's to free. NULL: a sentence says on standard error why. */
char *secret_read(const char *file);

/* True when it can stand in a header as it is. */
bool secret_is_one(const char *token);

#endif
