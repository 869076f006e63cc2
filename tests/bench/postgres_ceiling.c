/* The most that PostgreSQL could do: the rows that servers made, written once more by one
 * connection, through libpq's pipeline, a durable commit a batch, and nothing else done. It empties
 * the store for that. Prints one line of name=value. */
#include "protocol/wire/buffer.h"
#include "tests/bench/postgres_rows.h"
#include "tests/bench/samples.h"
#include "tests/support/support.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A table's statement, and how many of its rows are written. Single rows, a statement each; or a
 * batch's rows as arrays, a statement for all of them. */
struct table_writer {
    const struct postgres_table *table;
    char statement[32];
    size_t written;
    struct buffer arrays[POSTGRES_COLUMNS_MAX];
    size_t gathered;
};

struct ceiling {
    PGconn *connection;
    const struct postgres_rows *rows;
    struct table_writer *writers;
    bool *touched; /* by the batch: its tenants */
    bool as_arrays;
    size_t batch, warm_up;
};

static void prepare(PGconn *connection, const char *name, const char *sql)
{
    PGresult *result = PQprepare(connection, name, sql, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        support_die("%s: %s", sql, PQerrorMessage(connection));
    PQclear(result);
}

/* INSERT INTO t VALUES ($1, …), or INSERT INTO t SELECT * FROM unnest($1::text[], …). */
static void prepare_insert(struct ceiling *ceiling, size_t i)
{
    struct table_writer *writer = &ceiling->writers[i];
    const struct postgres_table *table = writer->table = &ceiling->rows->tables[i];
    snprintf(writer->statement, sizeof writer->statement, "insert_%zu", i);
    struct buffer sql = {0};
    buffer_text(&sql, "INSERT INTO ");
    buffer_text(&sql, table->name);
    buffer_text(&sql, ceiling->as_arrays ? " SELECT * FROM unnest(" : " VALUES (");
    for (size_t column = 0; column < table->columns; column++) {
        buffer_printf(&sql, "%s$%zu", column > 0 ? ", " : "", column + 1);
        if (!ceiling->as_arrays) continue;
        buffer_text(&sql, "::");
        buffer_text(&sql, table->types[column]);
        buffer_text(&sql, "[]");
    }
    buffer_append(&sql, ")", sizeof ")");
    if (sql.failed) support_die("out of memory");
    prepare(ceiling->connection, writer->statement, sql.bytes);
    buffer_clear(&sql);
}

static void send(struct ceiling *ceiling, const char *statement, size_t count,
                 const char *const *values)
{
    if (!PQsendQueryPrepared(ceiling->connection, statement, (int)count, values, NULL, NULL, 0))
        support_die("%s", PQerrorMessage(ceiling->connection));
}

static const char *value_of(const struct postgres_table *table, size_t row, size_t column)
{
    return PQgetisnull(table->rows, (int)row, (int)column)
               ? NULL
               : PQgetvalue(table->rows, (int)row, (int)column);
}

static void send_row(struct ceiling *ceiling, struct table_writer *writer, size_t row)
{
    const char *values[POSTGRES_COLUMNS_MAX];
    for (size_t i = 0; i < writer->table->columns; i++)
        values[i] = value_of(writer->table, row, i);
    send(ceiling, writer->statement, writer->table->columns, values);
}

/* An array's text: {"…","…"}, with \ before each " and \, and NULL as it is. */
static void gather_value(struct buffer *array, bool first, const char *value)
{
    buffer_text(array, first ? "{" : ",");
    if (!value) {
        buffer_text(array, "NULL");
        return;
    }
    buffer_text(array, "\"");
    for (size_t plain; *value; value += plain) {
        plain = strcspn(value, "\"\\");
        buffer_append(array, value, plain);
        if (!value[plain]) continue;
        buffer_append(array, "\\", 1);
        buffer_append(array, value + plain, 1);
        plain++;
    }
    buffer_text(array, "\"");
}

static void gather_row(struct table_writer *writer, size_t row)
{
    for (size_t i = 0; i < writer->table->columns; i++)
        gather_value(&writer->arrays[i], writer->gathered == 0, value_of(writer->table, row, i));
    writer->gathered++;
}

static void send_arrays(struct ceiling *ceiling, struct table_writer *writer)
{
    const char *values[POSTGRES_COLUMNS_MAX];
    if (writer->gathered == 0) return;
    for (size_t i = 0; i < writer->table->columns; i++) {
        buffer_append(&writer->arrays[i], "}", sizeof "}");
        if (writer->arrays[i].failed) support_die("out of memory");
        values[i] = writer->arrays[i].bytes;
    }
    send(ceiling, writer->statement, writer->table->columns, values);
    for (size_t i = 0; i < writer->table->columns; i++)
        writer->arrays[i].length = 0;
    writer->gathered = 0;
}

static void touch_tenant(struct ceiling *ceiling, const char *tenant)
{
    size_t low = 0, high = (size_t)PQntuples(ceiling->rows->tenants);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(PQgetvalue(ceiling->rows->tenants, (int)middle, 0), tenant);
        if (order == 0) {
            ceiling->touched[middle] = true;
            return;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    support_die("a row of tenant %s, which has no counters", tenant);
}

/* Each create's share of every table: one row where a create makes one; where it takes many creates
 * to make one (customers), a row now and then. */
static void write_create(struct ceiling *ceiling, size_t create)
{
    size_t creates = ceiling->rows->creates;
    for (size_t i = 0; i < ceiling->rows->count; i++) {
        struct table_writer *writer = &ceiling->writers[i];
        size_t due = (size_t)PQntuples(writer->table->rows) * (create + 1) / creates;
        for (; writer->written < due; writer->written++) {
            touch_tenant(ceiling, value_of(writer->table, writer->written, 0));
            if (ceiling->as_arrays)
                gather_row(writer, writer->written);
            else
                send_row(ceiling, writer, writer->written);
        }
    }
}

/* What a batch writes once: the counters of each tenant in it, and that it took place. */
static void write_counters(struct ceiling *ceiling, size_t done)
{
    char text[24];
    snprintf(text, sizeof text, "%zu", done);
    const char *first = NULL;
    for (int i = 0; i < PQntuples(ceiling->rows->tenants); i++) {
        if (!ceiling->touched[i]) continue;
        ceiling->touched[i] = false;
        const char *values[] = {PQgetvalue(ceiling->rows->tenants, i, 0),
                                PQgetvalue(ceiling->rows->tenants, i, 1)};
        if (!first) first = values[0];
        send(ceiling, "count", 2, values);
    }
    const char *values[] = {first, text};
    send(ceiling, "sign", 2, values);
}

static void take_results(struct ceiling *ceiling)
{
    for (bool whole = false; !whole;) {
        PGresult *result = PQgetResult(ceiling->connection);
        if (!result) continue; /* the end of one statement's */
        ExecStatusType status = PQresultStatus(result);
        whole = status == PGRES_PIPELINE_SYNC;
        if (!whole && status != PGRES_COMMAND_OK)
            support_die("%s", PQerrorMessage(ceiling->connection));
        PQclear(result);
    }
}

static void write_batch(struct ceiling *ceiling, size_t from, size_t until)
{
    send(ceiling, "begin", 0, NULL);
    for (size_t create = from; create < until; create++)
        write_create(ceiling, create);
    for (size_t i = 0; ceiling->as_arrays && i < ceiling->rows->count; i++)
        send_arrays(ceiling, &ceiling->writers[i]);
    write_counters(ceiling, until);
    send(ceiling, "commit", 0, NULL);
    if (!PQpipelineSync(ceiling->connection))
        support_die("%s", PQerrorMessage(ceiling->connection));
    take_results(ceiling);
}

/* The batches of creates until `until`, from those that are done. */
static void write_until(struct ceiling *ceiling, size_t *done, size_t until,
                        struct samples *commits)
{
    while (*done < until) {
        size_t end = *done + ceiling->batch < until ? *done + ceiling->batch : until;
        int64_t begun = samples_now_ns();
        write_batch(ceiling, *done, end);
        samples_add(commits, samples_now_ns() - begun);
        *done = end;
    }
}

static void write_all(struct ceiling *ceiling)
{
    struct samples commits = {0};
    size_t done = 0;
    write_until(ceiling, &done, ceiling->warm_up, &commits);
    samples_clear(&commits);
    int64_t start = samples_now_ns();
    write_until(ceiling, &done, ceiling->rows->creates, &commits);
    double seconds = (double)(samples_now_ns() - start) / 1e9;
    size_t creates = ceiling->rows->creates - ceiling->warm_up;
    printf("creates=%zu batch=%zu seconds=%.3f rate=%.0f p50_ms=%.3f p99_ms=%.3f max_ms=%.3f\n",
           creates, ceiling->batch, seconds, (double)creates / seconds,
           samples_quantile_ms(&commits, 0.5), samples_quantile_ms(&commits, 0.99),
           samples_quantile_ms(&commits, 1));
    samples_clear(&commits);
}

static void prepare_all(struct ceiling *ceiling)
{
    prepare(ceiling->connection, "begin", "BEGIN");
    prepare(ceiling->connection, "commit", "COMMIT");
    prepare(ceiling->connection, "count", "UPDATE tenants SET counters = $2 WHERE tenant = $1");
    prepare(ceiling->connection, "sign",
            "INSERT INTO writers VALUES ($1, 'ceiling', $2, 0)"
            " ON CONFLICT (tenant, writer) DO UPDATE SET transaction = excluded.transaction");
    for (size_t i = 0; i < ceiling->rows->count; i++)
        prepare_insert(ceiling, i);
}

int main(int argc, char **argv)
{
    bool as_arrays = argc == 5 && strcmp(argv[4], "arrays") == 0;
    size_t batch = argc == 4 || as_arrays ? strtoul(argv[2], NULL, 10) : 0;
    if (batch < 1) {
        fputs("usage: bench-postgres-ceiling URL BATCH WARM_UP [arrays]\n"
              "  WARM_UP  creates before those that are measured\n",
              stderr);
        return 2;
    }
    static struct postgres_rows rows; /* they last as long as the program */
    struct ceiling ceiling = {.connection = postgres_open(argv[1]),
                              .rows = &rows,
                              .as_arrays = as_arrays,
                              .batch = batch,
                              .warm_up = strtoul(argv[3], NULL, 10)};
    rows = postgres_rows_read(ceiling.connection);
    if (rows.creates <= ceiling.warm_up) support_die("there is too little in the store");
    postgres_rows_empty(ceiling.connection, &rows);
    ceiling.writers = calloc(rows.count, sizeof *ceiling.writers);
    ceiling.touched = calloc((size_t)PQntuples(rows.tenants), sizeof *ceiling.touched);
    if (!ceiling.writers || !ceiling.touched) support_die("out of memory");
    prepare_all(&ceiling);
    if (!PQenterPipelineMode(ceiling.connection)) support_die("no pipeline");
    write_all(&ceiling);
    PQfinish(ceiling.connection);
    for (size_t i = 0; i < rows.count; i++)
        for (size_t column = 0; column < POSTGRES_COLUMNS_MAX; column++)
            buffer_clear(&ceiling.writers[i].arrays[column]);
    free(ceiling.writers);
    free(ceiling.touched);
    return 0;
}
