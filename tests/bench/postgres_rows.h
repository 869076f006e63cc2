/* The rows of a whole store on PostgreSQL in memory, by table, and the statements that write them.
 */
#ifndef INVONCE_TESTS_BENCH_POSTGRES_ROWS_H
#define INVONCE_TESTS_BENCH_POSTGRES_ROWS_H

#include <libpq-fe.h>
#include <stddef.h>

#define POSTGRES_COLUMNS_MAX 32

struct postgres_table {
    char *name;
    char *types[POSTGRES_COLUMNS_MAX]; /* of its columns; the first is the tenant */
    size_t columns;
    PGresult *rows; /* in text, in the order of the transactions that wrote them */
};

struct postgres_rows {
    struct postgres_table *tables; /* all that a create may add rows to */
    size_t count;
    PGresult *tenants; /* each with its counters, in order */
    size_t creates;
};

/* Dies of what goes wrong, as all here do. */
PGconn *postgres_open(const char *url);
PGresult *postgres_query(PGconn *connection, const char *sql);
void postgres_run(PGconn *connection, const char *sql);

/* Reads every row; they are never freed. */
struct postgres_rows postgres_rows_read(PGconn *connection);

/* Empties the tables that they came from, but for the tenants: these stay, without counters. */
void postgres_rows_empty(PGconn *connection, const struct postgres_rows *rows);

#endif
