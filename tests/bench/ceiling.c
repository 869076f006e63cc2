/* The most that SQLite could do: the rows that a server made, written once more into a new store of
 * the same schema with the same durability, and nothing else done. Prints one line of name=value.
 */
#include "tests/bench/rows.h"
#include "tests/bench/samples.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One table's rows and the statement that inserts them. */
struct writer {
    const struct rows_table *table;
    sqlite3_stmt *insert;
    size_t written;
};

static sqlite3_stmt *prepare_insert(sqlite3 *to, const struct rows_table *table)
{
    struct support_buffer sql = {0};
    char *head = sqlite3_mprintf("INSERT INTO \"%w\" VALUES (?", table->name);
    support_append(&sql, head, strlen(head));
    sqlite3_free(head);
    for (int i = 1; i < table->columns; i++)
        support_append(&sql, ", ?", 3);
    support_append(&sql, ")", 1);
    sqlite3_stmt *insert = rows_prepare(to, sql.bytes);
    free(sql.bytes);
    return insert;
}

/* The values outlast the statement, so that nothing is copied. */
static int bind(sqlite3_stmt *insert, int at, sqlite3_value *value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
        return sqlite3_bind_int64(insert, at, sqlite3_value_int64(value));
    case SQLITE_TEXT:
        return sqlite3_bind_text(insert, at, (const char *)sqlite3_value_text(value),
                                 sqlite3_value_bytes(value), SQLITE_STATIC);
    case SQLITE_BLOB:
        return sqlite3_bind_blob(insert, at, sqlite3_value_blob(value), sqlite3_value_bytes(value),
                                 SQLITE_STATIC);
    case SQLITE_NULL:
        return sqlite3_bind_null(insert, at);
    default:
        return sqlite3_bind_value(insert, at, value);
    }
}

static void insert_row(struct writer *writer)
{
    sqlite3_value **row =
        writer->table->values + writer->written++ * (size_t)writer->table->columns;
    for (int i = 0; i < writer->table->columns; i++)
        if (bind(writer->insert, i + 1, row[i]) != SQLITE_OK) support_die("out of memory");
    if (sqlite3_step(writer->insert) != SQLITE_DONE)
        support_die("%s: %s", writer->table->name,
                    sqlite3_errmsg(sqlite3_db_handle(writer->insert)));
    sqlite3_reset(writer->insert);
}

/* Each create's share of every table: one row where a create makes one; where it takes many creates
 * to make one (customers), a row now and then. */
static void insert_create(struct writer *writers, size_t count, size_t create, size_t creates)
{
    for (size_t i = 0; i < count; i++)
        while (writers[i].written < writers[i].table->count * (create + 1) / creates)
            insert_row(&writers[i]);
}

static void run_plain(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE)
        support_die("%s: %s", sqlite3_sql(statement), sqlite3_errmsg(sqlite3_db_handle(statement)));
    sqlite3_reset(statement);
}

/* `batch` need not be whole: what is left over counts towards the next. */
static void write_batches(sqlite3 *to, struct writer *writers, size_t count, size_t creates,
                          double batch, struct samples *commits)
{
    sqlite3_stmt *begin = rows_prepare(to, "BEGIN IMMEDIATE"), *commit = rows_prepare(to, "COMMIT");
    size_t done = 0;
    for (size_t number = 1; done < creates; number++) {
        size_t end = (size_t)((double)number * batch + 0.5);
        int64_t start = samples_now_ns();
        run_plain(begin);
        for (; done < end && done < creates; done++)
            insert_create(writers, count, done, creates);
        run_plain(commit);
        samples_add(commits, samples_now_ns() - start);
    }
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
}

static void write_all(sqlite3 *to, const struct rows *rows, size_t creates, double batch)
{
    struct writer *writers = calloc(rows->count, sizeof *writers);
    if (!writers) support_die("out of memory");
    for (size_t i = 0; i < rows->count; i++)
        writers[i] = (struct writer){&rows->tables[i], prepare_insert(to, &rows->tables[i]), 0};
    struct samples commits = {0};
    int64_t start = samples_now_ns();
    write_batches(to, writers, rows->count, creates, batch, &commits);
    double seconds = (double)(samples_now_ns() - start) / 1e9;
    printf("creates=%zu batch=%.1f seconds=%.3f rate=%.0f p50_ms=%.3f p99_ms=%.3f max_ms=%.3f\n",
           creates, batch, seconds, (double)creates / seconds, samples_quantile_ms(&commits, 0.5),
           samples_quantile_ms(&commits, 0.99), samples_quantile_ms(&commits, 1));
    for (size_t i = 0; i < rows->count; i++)
        sqlite3_finalize(writers[i].insert);
    samples_clear(&commits);
    free(writers);
}

int main(int argc, char **argv)
{
    size_t creates = argc >= 5 ? strtoul(argv[3], NULL, 10) : 0;
    double batch = argc >= 5 ? strtod(argv[4], NULL) : 0;
    if (creates < 1 || batch < 1) {
        fputs("usage: bench-ceiling STORE NEW CREATES BATCH\n", stderr);
        return 2;
    }
    sqlite3 *from = rows_open(argv[1], SQLITE_OPEN_READWRITE);
    static struct rows rows; /* they last as long as the program */
    rows = rows_read(from);
    sqlite3 *to =
        rows_open(argv[2], SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX);
    rows_copy_schema(from, to);
    sqlite3_close(from);
    rows_execute(to, "PRAGMA journal_mode = WAL");
    rows_execute(to, "PRAGMA synchronous = FULL");
    rows_execute(to, "PRAGMA cache_size = -16000"); /* as the server's */
    write_all(to, &rows, creates, batch);
    sqlite3_close(to);
    return 0;
}
