/* Rows of an SQLite file, or of a PostgreSQL database, read from beside the program that owns it. A
 * place is the path of the one or the URL of the other. */
#ifndef INVONCE_TESTS_SUPPORT_ROWS_H
#define INVONCE_TESTS_SUPPORT_ROWS_H

#include "protocol/wire/json.h"

/* All rows of a query, as an array of objects: column name to string, integer or null. Each ? in
 * the query stands for a bound text, in the order of `texts` (NULL-ended; NULL: none). The
 * place is opened for reading only; dies on any error. New reference. */
struct json *rows_read(const char *place, const char *query, const char *const *texts);

/* The integer in the first column of the only row. */
long long rows_number(const char *place, const char *query);

/* Runs a script on a place, a file being made where there is none; waits for a program that has it
 * locked, and dies on any error. */
void rows_change(const char *place, const char *script);

/* Keeps everybody else from writing to a store until it is let go. */
struct rows_hold *rows_hold(const char *place);
void rows_let_go(struct rows_hold *hold);

#endif
