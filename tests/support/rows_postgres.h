/* Rows of a PostgreSQL database, by libpq, from beside the programs that use it. Dies on any error.
 */
#ifndef INVONCE_TESTS_SUPPORT_ROWS_POSTGRES_H
#define INVONCE_TESTS_SUPPORT_ROWS_POSTGRES_H

#include "protocol/wire/json.h"

#include <stdbool.h>

#define ROWS_POSTGRES_SCHEME "postgresql:"
bool rows_are_postgres(const char *place);

/* As rows_read does; what is true or false is 1 or 0. */
struct json *rows_postgres_read(const char *url, const char *query, const char *const *texts);

/* Whether the first column of the only row is true. */
bool rows_postgres_tell(const char *url, const char *query);

void rows_postgres_change(const char *url, const char *script);

/* A connection that keeps others from writing to a store until it is let go. */
struct pg_conn *rows_postgres_hold(const char *url);
void rows_postgres_let_go(struct pg_conn *connection);

#endif
