#include "tests/bench/rows.h"

#include "tests/support/support.h"

#include <stdlib.h>
#include <string.h>

sqlite3 *rows_open(const char *path, int flags)
{
    sqlite3 *database;
    if (sqlite3_open_v2(path, &database, flags, NULL) != SQLITE_OK)
        support_die("%s: %s", path, sqlite3_errmsg(database));
    return database;
}

void rows_execute(sqlite3 *database, const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        support_die("%s: %s", sql, sqlite3_errmsg(database));
}

sqlite3_stmt *rows_prepare(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        support_die("%s: %s", sql, sqlite3_errmsg(database));
    return statement;
}

/* Those that are stored: SELECT * would give generated ones too. */
static char *names_of_columns(sqlite3 *from, const char *table)
{
    sqlite3_stmt *columns =
        rows_prepare(from, "SELECT group_concat('\"' || name || '\"') FROM pragma_table_info(?)");
    sqlite3_bind_text(columns, 1, table, -1, SQLITE_STATIC);
    if (sqlite3_step(columns) != SQLITE_ROW) support_die("%s has no columns", table);
    char *names = support_format("%s", (const char *)sqlite3_column_text(columns, 0));
    sqlite3_finalize(columns);
    return names;
}

/* In the order of insertion, which only a table with row ids remembers; others are read by key. */
static sqlite3_stmt *select_all(sqlite3 *from, const char *table)
{
    char *names = names_of_columns(from, table);
    char *sql = sqlite3_mprintf("SELECT %s FROM \"%w\" ORDER BY rowid", names, table);
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(from, sql, -1, &statement, NULL) != SQLITE_OK) {
        sqlite3_free(sql);
        sql = sqlite3_mprintf("SELECT %s FROM \"%w\"", names, table);
        statement = rows_prepare(from, sql);
    }
    sqlite3_free(sql);
    free(names);
    return statement;
}

static void read_table(sqlite3 *from, struct rows_table *table)
{
    sqlite3_stmt *select = select_all(from, table->name);
    table->columns = sqlite3_column_count(select);
    size_t width = (size_t)table->columns, capacity = 0;
    while (sqlite3_step(select) == SQLITE_ROW) {
        if (table->count == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            table->values = realloc(table->values, capacity * width * sizeof(sqlite3_value *));
            if (!table->values) support_die("out of memory");
        }
        for (int i = 0; i < table->columns; i++) {
            sqlite3_value *value = sqlite3_value_dup(sqlite3_column_value(select, i));
            if (!value) support_die("out of memory");
            table->values[table->count * width + (size_t)i] = value;
        }
        table->count++;
    }
    if (sqlite3_finalize(select) != SQLITE_OK)
        support_die("%s: %s", table->name, sqlite3_errmsg(from));
}

struct rows rows_read(sqlite3 *from)
{
    struct rows rows = {0};
    sqlite3_stmt *names = rows_prepare(from, "SELECT name FROM sqlite_schema WHERE type = 'table' "
                                             "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                                             "ORDER BY rowid");
    while (sqlite3_step(names) == SQLITE_ROW) {
        rows.tables = realloc(rows.tables, (rows.count + 1) * sizeof *rows.tables);
        if (!rows.tables) support_die("out of memory");
        struct rows_table *table = &rows.tables[rows.count++];
        *table = (struct rows_table){
            .name = support_format("%s", (const char *)sqlite3_column_text(names, 0))};
        read_table(from, table);
    }
    if (sqlite3_finalize(names) != SQLITE_OK) support_die("%s", sqlite3_errmsg(from));
    return rows;
}

static void copy_page_size(sqlite3 *from, sqlite3 *to)
{
    sqlite3_stmt *size = rows_prepare(from, "PRAGMA page_size");
    if (sqlite3_step(size) != SQLITE_ROW) support_die("no page size");
    char *sql = sqlite3_mprintf("PRAGMA page_size = %d", sqlite3_column_int(size, 0));
    rows_execute(to, sql);
    sqlite3_free(sql);
    sqlite3_finalize(size);
}

void rows_copy_schema(sqlite3 *from, sqlite3 *to)
{
    copy_page_size(from, to);
    sqlite3_stmt *items = rows_prepare(from, "SELECT sql FROM sqlite_schema WHERE sql NOT NULL "
                                             "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                                             "ORDER BY rowid");
    while (sqlite3_step(items) == SQLITE_ROW)
        rows_execute(to, (const char *)sqlite3_column_text(items, 0));
    sqlite3_finalize(items);
}
