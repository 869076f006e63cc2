#include "tests/support/rows.h"

#include "tests/support/rows_postgres.h"
#include "tests/support/support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define VIEWS_SIZE 4096

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

/* The tests' own look at a store: see store_views.sql. */
static const char *read_views(const char *path, char text[VIEWS_SIZE])
{
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(text, 1, VIEWS_SIZE - 1, file) : 0;
    if (length == 0) support_die("cannot read %s", path);
    fclose(file);
    text[length] = '\0';
    return text;
}

static struct json *read_file(const char *path, const char *query, const char *const *texts)
{
    char views[VIEWS_SIZE];
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(database, PATIENCE_MS) != SQLITE_OK ||
        sqlite3_exec(database, read_views(INVONCE_STORE_VIEWS, views), NULL, NULL, NULL) !=
            SQLITE_OK ||
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

struct json *rows_read(const char *place, const char *query, const char *const *texts)
{
    if (!rows_are_postgres(place)) return read_file(place, query, texts);
    char views[VIEWS_SIZE];
    char *whole = support_format("%s%s", read_views(INVONCE_STORE_VIEWS_POSTGRES, views), query);
    struct json *rows = rows_postgres_read(place, whole, texts);
    free(whole);
    return rows;
}

long long rows_number(const char *place, const char *query)
{
    struct json *rows = rows_read(place, query, NULL);
    const struct json *first = json_first(json_first(rows));
    if (json_count(rows) != 1 || !first) support_die("not one row: %s", query);
    long long number = json_integer(first, 0);
    json_free(rows);
    return number;
}

static sqlite3 *run_script(const char *path, const char *script)
{
    sqlite3 *database;
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) !=
            SQLITE_OK ||
        sqlite3_busy_timeout(database, PATIENCE_MS) != SQLITE_OK ||
        sqlite3_exec(database, script, NULL, NULL, NULL) != SQLITE_OK)
        support_die("%s: %s", path, sqlite3_errmsg(database));
    return database;
}

void rows_change(const char *place, const char *script)
{
    if (rows_are_postgres(place))
        rows_postgres_change(place, script);
    else
        sqlite3_close(run_script(place, script));
}

struct rows_hold {
    sqlite3 *file; /* one of both */
    struct pg_conn *database;
};

struct rows_hold *rows_hold(const char *place)
{
    struct rows_hold *hold = calloc(1, sizeof *hold);
    if (!hold) support_die("out of memory");
    if (rows_are_postgres(place))
        hold->database = rows_postgres_hold(place);
    else
        hold->file = run_script(place, "BEGIN IMMEDIATE");
    return hold;
}

void rows_let_go(struct rows_hold *hold)
{
    if (hold->database)
        rows_postgres_let_go(hold->database);
    else
        sqlite3_close(hold->file);
    free(hold);
}
