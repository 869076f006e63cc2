#include "tests/support/rows.h"

#include "tests/support/support.h"

#include <sqlite3.h>
#include <stdio.h>

static struct json *column(sqlite3_stmt *statement, int index)
{
    switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
        return json_new_integer(sqlite3_column_int64(statement, index));
    case SQLITE_NULL:
        return json_new_string(NULL);
    default:
        return json_new_string((const char *)sqlite3_column_text(statement, index));
    }
}

static struct json *row(sqlite3_stmt *statement)
{
    struct json *object = json_new_object();
    for (int i = 0; i < sqlite3_column_count(statement); i++)
        json_put(object, sqlite3_column_name(statement, i), column(statement, i));
    return object;
}

/* See store_views.sql. */
static bool add_views(sqlite3 *database)
{
    char sql[4096];
    FILE *file = fopen(INVONCE_STORE_VIEWS, "re");
    size_t length = file ? fread(sql, 1, sizeof sql - 1, file) : 0;
    if (file) fclose(file);
    sql[length] = '\0';
    return length > 0 && sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

struct json *rows_read(const char *path, const char *query, const char *const *texts)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(database, PATIENCE_MS) != SQLITE_OK || !add_views(database) ||
        sqlite3_prepare_v2(database, query, -1, &statement, NULL) != SQLITE_OK)
        support_die("%s: %s: %s", path, query, sqlite3_errmsg(database));
    for (int i = 0; texts && texts[i]; i++)
        sqlite3_bind_text(statement, i + 1, texts[i], -1, SQLITE_STATIC);
    struct json *rows = json_new_array();
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW)
        json_append(rows, row(statement));
    if (step != SQLITE_DONE) support_die("%s: %s: %s", path, query, sqlite3_errmsg(database));
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return rows;
}

long long rows_number(const char *path, const char *query)
{
    struct json *rows = rows_read(path, query, NULL);
    const struct json *first = json_first(json_first(rows));
    if (json_count(rows) != 1 || !first) support_die("not one row: %s", query);
    long long number = json_integer(first, 0);
    json_free(rows);
    return number;
}

void rows_change(const char *path, const char *script)
{
    sqlite3 *database;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
            SQLITE_OK ||
        sqlite3_busy_timeout(database, PATIENCE_MS) != SQLITE_OK ||
        sqlite3_exec(database, script, NULL, NULL, NULL) != SQLITE_OK)
        support_die("%s: %s", path, sqlite3_errmsg(database));
    sqlite3_close(database);
}
