/* The rows of a whole SQLite store in memory, and a new store of the same schema to write them to.
 */
#ifndef INVONCE_TESTS_BENCH_ROWS_H
#define INVONCE_TESTS_BENCH_ROWS_H

#include <sqlite3.h>
#include <stddef.h>

struct rows_table {
    char *name;
    int columns;
    size_t count;
    sqlite3_value **values; /* `columns` of each row, in the order in which they were inserted */
};

struct rows {
    struct rows_table *tables; /* in the order in which they were made: referenced ones first */
    size_t count;
};

/* Reads every table; the rows are never freed. Dies of what goes wrong, as all here do. */
struct rows rows_read(sqlite3 *from);

/* Gives an empty database the page size, tables, indexes and triggers of another. */
void rows_copy_schema(sqlite3 *from, sqlite3 *to);

/* Opens a database, for reading only where `flags` say so. */
sqlite3 *rows_open(const char *path, int flags);
void rows_execute(sqlite3 *database, const char *sql);
sqlite3_stmt *rows_prepare(sqlite3 *database, const char *sql);

#endif
