/* What the command lines of the laboratory have in common. */
#ifndef INVONCE_TESTS_LAB_ARGUMENTS_H
#define INVONCE_TESTS_LAB_ARGUMENTS_H

#include <stdbool.h>

#define EXIT_USAGE 2

/* Says so of `who` ("invonce-lab soak"); EXIT_USAGE. */
int arguments_wrong(const char *who, const char *what, const char *value);

bool arguments_number(const char *text, long long least, long long most, long long *number);

/* --help stands somewhere. */
bool arguments_ask_for_help(char *const *arguments);

/* --store's value; EXIT_USAGE, which is said, where there is no such store, else 0. */
int arguments_store(const char *who, const char *value, bool *is_postgres);

/* Whether the server's program is there, and knows that bug (NULL: none). 0, or the exit code,
 * which is said. */
int arguments_try_server(const char *who, const char *bug);

#endif
