#include "tests/bench/postgres_rows.h"

#include "tests/support/support.h"

#include <stdlib.h>

PGconn *postgres_open(const char *url)
{
    PGconn *connection = PQconnectdb(url);
    if (PQstatus(connection) != CONNECTION_OK) support_die("%s", PQerrorMessage(connection));
    postgres_run(connection, "SET client_min_messages = warning");
    return connection;
}

PGresult *postgres_query(PGconn *connection, const char *sql)
{
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
        support_die("%s: %s", sql, PQerrorMessage(connection));
    return result;
}

void postgres_run(PGconn *connection, const char *sql)
{
    PQclear(postgres_query(connection, sql));
}

static void read_types(PGconn *connection, struct postgres_table *table)
{
    char *sql = support_format("SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                               " WHERE attrelid = '%s'::regclass AND attnum > 0"
                               " AND NOT attisdropped ORDER BY attnum",
                               table->name);
    PGresult *types = postgres_query(connection, sql);
    table->columns = (size_t)PQntuples(types);
    if (table->columns > POSTGRES_COLUMNS_MAX) support_die("%s is too wide", table->name);
    for (size_t i = 0; i < table->columns; i++)
        table->types[i] = support_format("%s", PQgetvalue(types, (int)i, 0));
    PQclear(types);
    free(sql);
}

static void read_table(PGconn *connection, struct postgres_table *table)
{
    read_types(connection, table);
    char *sql = support_format("SELECT * FROM %s ORDER BY xmin::text::bigint", table->name);
    table->rows = postgres_query(connection, sql);
    free(sql);
}

struct postgres_rows postgres_rows_read(PGconn *connection)
{
    PGresult *names = postgres_query(
        connection, "SELECT quote_ident(relname) FROM pg_class"
                    " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')"
                    " AND NOT relispartition AND relname NOT IN ('facts', 'tenants', 'writers')"
                    " ORDER BY relname");
    struct postgres_rows rows = {.count = (size_t)PQntuples(names)};
    rows.tables = calloc(rows.count, sizeof *rows.tables);
    if (!rows.tables) support_die("out of memory");
    for (size_t i = 0; i < rows.count; i++) {
        rows.tables[i].name = support_format("%s", PQgetvalue(names, (int)i, 0));
        read_table(connection, &rows.tables[i]);
    }
    PQclear(names);
    rows.tenants =
        postgres_query(connection, "SELECT tenant, counters FROM tenants ORDER BY tenant");
    PGresult *creates = postgres_query(connection, "SELECT count(*) FROM idempotency_keys");
    rows.creates = strtoul(PQgetvalue(creates, 0, 0), NULL, 10);
    PQclear(creates);
    return rows;
}

void postgres_rows_empty(PGconn *connection, const struct postgres_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        char *sql = support_format("TRUNCATE %s", rows->tables[i].name);
        postgres_run(connection, sql);
        free(sql);
    }
    postgres_run(connection, "CREATE TEMPORARY TABLE kept AS SELECT tenant FROM tenants");
    postgres_run(connection, "TRUNCATE tenants, writers");
    postgres_run(connection, "INSERT INTO tenants SELECT tenant, '' FROM kept");
    postgres_run(connection, "DROP TABLE kept");
}
