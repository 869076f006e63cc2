#include "tests/support/rows_postgres.h"

#include "tests/support/support.h"

#include <ctype.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

/* The numbers of its types. */
enum { TYPE_BOOL = 16, TYPE_INT8 = 20, TYPE_INT2 = 21, TYPE_INT4 = 23, TYPE_NUMERIC = 1700 };

bool rows_are_postgres(const char *place)
{
    return strncmp(place, ROWS_POSTGRES_SCHEME, strlen(ROWS_POSTGRES_SCHEME)) == 0;
}

static void pass_over(void *unused, const PGresult *notice)
{
    (void)unused;
    (void)notice;
}

static PGconn *connect_to(const char *url)
{
    PGconn *connection = PQconnectdb(url);
    PQsetNoticeReceiver(connection, pass_over, NULL);
    if (PQstatus(connection) != CONNECTION_OK)
        support_die("%s: %s", url, PQerrorMessage(connection));
    return connection;
}

static bool is_whole(const char *text)
{
    return text[strspn(text, "-0123456789")] == '\0';
}

static struct json *column(const PGresult *result, int row, int index)
{
    const char *text = PQgetvalue(result, row, index);
    if (PQgetisnull(result, row, index)) return json_new_string(NULL);
    switch (PQftype(result, index)) {
    case TYPE_BOOL:
        return json_new_integer(*text == 't');
    case TYPE_INT8:
    case TYPE_INT2:
    case TYPE_INT4:
        return json_new_integer(strtoll(text, NULL, 10));
    case TYPE_NUMERIC: /* what a sum is */
        return is_whole(text) ? json_new_integer(strtoll(text, NULL, 10)) : json_new_string(text);
    default:
        return json_new_string(text);
    }
}

static struct json *all_rows(const PGresult *result)
{
    struct json *rows = json_new_array();
    for (int i = 0; i < PQntuples(result); i++) {
        struct json *object = json_new_object();
        for (int j = 0; j < PQnfields(result); j++)
            json_put(object, PQfname(result, j), column(result, i, j));
        json_append(rows, object);
    }
    return rows;
}

/* Each ? becomes $1, $2 …, and ?1 becomes $1; those between quotes stay. */
static char *with_numbers(const char *query)
{
    struct support_buffer text = {0};
    int count = 0;
    bool quoted = false;
    for (; *query; query++) {
        if (*query == '\'') quoted = !quoted;
        if (*query != '?' || quoted) {
            support_append(&text, query, 1);
            continue;
        }
        char *number =
            isdigit((unsigned char)query[1]) ? support_format("$") : support_format("$%d", ++count);
        support_append(&text, number, strlen(number));
        free(number);
    }
    return text.bytes;
}

struct json *rows_postgres_read(const char *url, const char *query, const char *const *texts)
{
    int count = 0;
    while (texts && texts[count])
        count++;
    PGconn *connection = connect_to(url);
    char *numbered = with_numbers(query);
    PGresult *result = PQexecParams(connection, numbered, count, NULL, texts, NULL, NULL, 0);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        support_die("%s: %s: %s", url, query, PQerrorMessage(connection));
    struct json *rows = all_rows(result);
    free(numbered);
    PQclear(result);
    PQfinish(connection);
    return rows;
}

bool rows_postgres_tell(const char *url, const char *query)
{
    struct json *rows = rows_postgres_read(url, query, NULL);
    bool truth = json_integer(json_first(json_first(rows)), 0) == 1;
    json_free(rows);
    return truth;
}

static PGconn *run_script(const char *url, const char *script)
{
    PGconn *connection = connect_to(url);
    PGresult *result = PQexec(connection, script);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        support_die("%s: %s: %s", url, script, PQerrorMessage(connection));
    PQclear(result);
    return connection;
}

void rows_postgres_change(const char *url, const char *script)
{
    PQfinish(run_script(url, script));
}

struct pg_conn *rows_postgres_hold(const char *url)
{
    return run_script(url, "BEGIN; LOCK TABLE tenants IN EXCLUSIVE MODE");
}

void rows_postgres_let_go(struct pg_conn *connection)
{
    PQfinish(connection);
}
