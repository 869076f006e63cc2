/* Rows of an SQLite file, read from beside the program that owns it. */
#ifndef INVONCE_TESTS_SUPPORT_ROWS_H
#define INVONCE_TESTS_SUPPORT_ROWS_H

#include "protocol/wire/json.h"

/* All rows of a query, as an array of objects: column name to string, integer or null. Each ? in
 * the query stands for a bound text, in the order of `texts` (NULL-ended; NULL: none). The
 * file is opened for reading only; dies on any error. New reference. */
struct json *rows_read(const char *path, const char *query, const char *const *texts);

/* The integer in the first column of the only row. */
long long rows_number(const char *path, const char *query);

/* Runs a script on a file, made where there is none; waits for a program that has it locked, and
 * dies on any error. */
void rows_change(const char *path, const char *script);

#endif
