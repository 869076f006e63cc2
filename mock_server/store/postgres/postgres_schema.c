/* The tables: made once, by whichever process comes first. */
#include "mock_server/base/embedded.h"
#include "mock_server/store/postgres/postgres_session.h"
#include "protocol/wire/clock.h"

#include <stdio.h>
#include <stdlib.h>

/* The schema, each the step from the version before. */
static const unsigned char *const STEPS[] = {embedded_schema_postgres_0001,
                                             embedded_schema_postgres_0002};
#define VERSION_NOW ((int64_t)(sizeof STEPS / sizeof STEPS[0]))

/* A writer that was not heard of for so long is no more. */
#define WRITER_LASTS_MS (24LL * 60 * 60 * 1000)

/* Where several processes begin at once, one makes the tables and the others wait for it. */
#define LOCK_ALL "SELECT pg_advisory_xact_lock(8420, 1)"

/* The schema that the tables are in, whose name may need quotes. */
#define OURS "quote_ident(current_schema())::regnamespace"

/* --- facts --- */

/* -1: there is none. -2: failed. */
static int64_t fact(struct postgres_session *session, const char *name)
{
    const struct value values[] = {value_text(name)};
    PGresult *rows = postgres_query(
        session, "SELECT value FROM facts WHERE tenant = '' AND name = $1", "t", values);
    int64_t number = !rows                  ? -2
                     : PQntuples(rows) == 0 ? -1
                                            : answer_number(&(struct answer){rows, 0}, 0);
    PQclear(rows);
    return number;
}

static bool note_fact(struct postgres_session *session, const char *name, int64_t number)
{
    const struct value values[] = {value_text(name), value_number(number)};
    PGresult *done = postgres_query(session,
                                    "INSERT INTO facts VALUES ('', $1, $2)"
                                    " ON CONFLICT (tenant, name) DO UPDATE SET value = $2",
                                    "ti", values);
    PQclear(done);
    return done != NULL;
}

char *postgres_facts(struct postgres_session *session)
{
    PGresult *rows = postgres_query(session,
                                    "SELECT string_agg(name || ' ' || value, ', ' ORDER BY name)"
                                    " FROM facts WHERE tenant = ''",
                                    "", NULL);
    char *facts = rows ? strdup(PQgetvalue(rows, 0, 0)) : NULL;
    PQclear(rows);
    return facts;
}

/* --- making --- */

/* Where a statement begins behind lines of comments and empty ones. */
static const char *skip_comments(const char *at)
{
    while (at[0] == '\n' || (at[0] == '-' && at[1] == '-')) {
        at += strcspn(at, "\n") + 1;
    }
    return at;
}

/* The script's statements, each with what stands for the partitions put in. */
static bool run_script(struct postgres_session *session, const char *script, bool partitioned)
{
    static const char MARK[] = ":partitioned", END[] = ";\n";
    struct buffer sql = {0};
    bool ok = true;
    for (const char *at = skip_comments(script); ok && *at;) {
        const char *end = strstr(at, END), *mark = strstr(at, MARK);
        sql.length = 0;
        if (!end) {
            break;
        }
        if (mark && mark < end) {
            buffer_append(&sql, at, (size_t)(mark - at));
            buffer_text(&sql, partitioned ? "PARTITION BY HASH (tenant)" : "");
            at = mark + sizeof MARK - 1;
        }
        buffer_append(&sql, at, (size_t)(end - at));
        buffer_append(&sql, "", 1);
        ok = !sql.failed && postgres_run(session, sql.bytes);
        at = skip_comments(end + sizeof END - 1);
    }
    buffer_clear(&sql);
    return ok;
}

/* Runs each of the commands that a query writes. */
static bool run_each(struct postgres_session *session, const char *query, const char *types,
                     const struct value *values)
{
    PGresult *commands = postgres_query(session, query, types, values);
    bool ok = commands;
    for (int i = 0; ok && i < PQntuples(commands); i++) {
        ok = postgres_run(session, PQgetvalue(commands, i, 0));
    }
    PQclear(commands);
    return ok;
}

/* Each table of ours that is partitioned gets its partitions, where it hasn't. */
static bool add_partitions(struct postgres_session *session, int partitions)
{
    const struct value values[] = {value_number(partitions)};
    return run_each(
        session,
        "SELECT format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS %s, REMAINDER"
        " %s)', relname || '_' || n, relname, $1, n) FROM pg_class, generate_series(0, $1::integer"
        " - 1) AS n WHERE relkind = 'p' AND relnamespace = " OURS
        " AND NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = pg_class.oid)"
        " ORDER BY relname, n",
        "i", values);
}

/* Their few rows change with each transaction: with room on their pages, no index has to follow. */
static bool leave_room(struct postgres_session *session)
{
    return run_each(session,
                    "SELECT format('ALTER TABLE %I SET (fillfactor = 20)', relname) FROM pg_class"
                    " WHERE relkind = 'r' AND relnamespace = " OURS
                    " AND relname ~ '^(tenants|writers)(_[0-9]+)?$'",
                    "", NULL);
}

static bool take_steps(struct postgres_session *session, int64_t version, int partitions)
{
    bool ok = true;
    for (; ok && version < VERSION_NOW; version++) {
        ok = run_script(session, (const char *)STEPS[version], partitions > 0);
    }
    return ok && (partitions == 0 || add_partitions(session, partitions)) && leave_room(session) &&
           note_fact(session, "version", VERSION_NOW);
}

static bool make(struct postgres_session *session, unsigned without, int partitions)
{
    return take_steps(session, 0, partitions) && note_fact(session, "without", without) &&
           note_fact(session, "partitions", partitions) &&
           postgres_run(session, "INSERT INTO facts SELECT '', 'store', gen_random_uuid()");
}

/* --- opening --- */

static bool say(char message[STORE_MESSAGE_MAX], const char *sentence)
{
    snprintf(message, STORE_MESSAGE_MAX, "the PostgreSQL store %s", sentence);
    return false;
}

static bool is_as_wanted(struct postgres_session *session, unsigned without, int partitions,
                         char message[STORE_MESSAGE_MAX])
{
    int64_t version = fact(session, "version"), made_without = fact(session, "without"),
            made_with = fact(session, "partitions");
    if (session->failed) {
        return false; /* and why was said */
    }
    if (version < 0 || made_without < 0 || made_with < 0) {
        return say(message, "cannot be read: its table of facts is not one of this program's");
    }
    if (version < 1 || version > VERSION_NOW) {
        return say(message, "is of another version than this program can use");
    }
    if (made_without != (int64_t)without) {
        store_refuse_layers("the PostgreSQL store", (unsigned)made_without, without, message);
        return false;
    }
    if (partitions > 0 && made_with != partitions) {
        snprintf(message, STORE_MESSAGE_MAX,
                 "the PostgreSQL store was made with %lld partitions, which cannot be changed: "
                 "start it with --partitions %lld, or without that, or on another database",
                 (long long)made_with, (long long)made_with);
        return false;
    }
    return true;
}

/* What stands in the schema: -1 not to be told, 0 no table at all, 1 a store, 2 another's tables.
 */
static int look(struct postgres_session *session)
{
    PGresult *rows = postgres_query(
        session,
        "SELECT count(*) FILTER (WHERE relname IN ('facts', 'idempotency_keys', 'claims')) = 3"
        " AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('facts')"
        " AND attname = 'value'),"
        " count(*) > 0 FROM pg_class WHERE relkind IN ('r', 'p')"
        " AND relnamespace = " OURS,
        "", NULL);
    int found = !rows                                      ? -1
                : strcmp(PQgetvalue(rows, 0, 0), "t") == 0 ? 1
                : strcmp(PQgetvalue(rows, 0, 1), "t") == 0 ? 2
                                                           : 0;
    PQclear(rows);
    return found;
}

static bool bring_up_to_date(struct postgres_session *session)
{
    int64_t version = fact(session, "version"), partitions = fact(session, "partitions");
    return version == VERSION_NOW || take_steps(session, version, (int)partitions);
}

static bool forget_old_writers(struct postgres_session *session)
{
    const struct value values[] = {value_number(clock_now_ms() - WRITER_LASTS_MS)};
    PGresult *done =
        postgres_query(session, "DELETE FROM writers WHERE at < $1::bigint", "i", values);
    PQclear(done);
    return done != NULL;
}

bool postgres_make_schema(struct postgres_session *session, const struct store_options *options,
                          char message[STORE_MESSAGE_MAX])
{
    if (!postgres_begin_alone(session) || !postgres_run(session, LOCK_ALL)) {
        return false;
    }
    int found = look(session);
    if (found < 0) {
        return false;
    }
    if (found == 2) {
        return say(message, "cannot be made here: the database has tables of another program");
    }
    if (found == 0 && options->exists) {
        return say(message, "is not there: the database has no tables");
    }
    if (found == 1 && !is_as_wanted(session, options->without, options->partitions, message)) {
        return false;
    }
    bool ok = found == 1 ? bring_up_to_date(session)
                         : make(session, options->without, options->partitions);
    session->store->facts = ok ? postgres_facts(session) : NULL;
    return session->store->facts && forget_old_writers(session) && postgres_run(session, "COMMIT");
}
