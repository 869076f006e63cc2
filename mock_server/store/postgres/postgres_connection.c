/* Connections: made, and made again. */
#include "mock_server/base/log.h"
#include "mock_server/store/postgres/postgres_session.h"
#include "protocol/wire/clock.h"

#include <stdio.h>
#include <stdlib.h>

#define OLDEST_VERSION 130000
#define PAUSE_MS       200 /* between two tries to connect, whoever makes them */

/* A server that closes, a wait for a standby that was cut short: warnings that matter are said
 * while a commit is under way. */
static void notice(void *context, const PGresult *result)
{
    struct postgres_session *session = context;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && strcmp(severity, "WARNING") == 0) {
        session->warned = true;
    }
}

static PGconn *open_connection(const char *url)
{
    /* What the URL says goes before what stands in front of it here. Who is far away and silent is
     * given up before those that wait here give up. */
    static const char *const NAMES[] = {"target_session_attrs",      "connect_timeout",
                                        "keepalives_idle",           "keepalives_interval",
                                        "keepalives_count",          "tcp_user_timeout",
                                        "fallback_application_name", "dbname",
                                        "client_encoding",           NULL};
    const char *const values[] = {"read-write",          "3", "5",    "2", "3", "10000",
                                  "invonce-mock-server", url, "UTF8", NULL};
    return PQconnectdbParams(NAMES, values, 1);
}

static bool make_connection(struct postgres_session *session)
{
    session->connection = open_connection(session->store->url);
    if (session->connection) {
        PQsetNoticeReceiver(session->connection, notice, session);
    }
    return session->connection && PQstatus(session->connection) == CONNECTION_OK &&
           PQsetnonblocking(session->connection, 1) == 0 &&
           PQenterPipelineMode(session->connection);
}

#define OTHER_STORE "has no store any more where one was, or another: put it back, or start anew"

/* Each column a setting; NULL: all is well. */
static const char *objection_to(const PGresult *settings, int version, bool has_tables)
{
    const char *synchronous = PQgetvalue(settings, 0, 0);
    if (version < OLDEST_VERSION) {
        return "is older than PostgreSQL 13";
    }
    if (strcmp(PQgetvalue(settings, 0, 2), "UTF8") != 0) {
        return "has a database whose encoding isn't UTF8: make one with "
               "createdb --encoding=UTF8 --template=template0";
    }
    if (strcmp(PQgetvalue(settings, 0, 1), "on") != 0) {
        return "has fsync off: what it has committed is gone when its machine stops; switch it on";
    }
    if (strcmp(synchronous, "on") != 0 && strcmp(synchronous, "remote_apply") != 0) {
        return "has synchronous_commit off, or at less than on: what it has committed may be gone "
               "when it stops; set it to on for this database or user";
    }
    if (strcmp(PQgetvalue(settings, 0, 3), "t") == 0) {
        return "has a statement_timeout of less than a second: set it to more, or to 0, for this "
               "database or user";
    }
    if (has_tables && strcmp(PQgetvalue(settings, 0, 4), "t") == 0) {
        return OTHER_STORE;
    }
    return NULL;
}

/* glibc gives memory back to the system after each statement, at a fifth of a batch's cost, until a
 * large piece was freed once: from then on it keeps as much (mallopt(3), M_TRIM_THRESHOLD). Made of
 * single characters, or counted in them, it would take a tenth of a second of each session. */
#define LARGE_PIECE "octet_length(repeat(repeat('x', 2000), 500))"

/* NULL: fit to be a store, or it doesn't answer, and `trouble` says so. */
static const char *find_objection(struct postgres_session *session)
{
    PGresult *settings = postgres_query(
        session,
        "SELECT current_setting('synchronous_commit'), current_setting('fsync'),"
        " current_setting('server_encoding'),"
        " current_setting('statement_timeout')::interval BETWEEN '1 ms' AND '999 ms',"
        " to_regclass('facts') IS NULL, " LARGE_PIECE,
        "", NULL);
    const char *wrong = settings ? objection_to(settings, PQserverVersion(session->connection),
                                                session->store->facts != NULL)
                                 : NULL;
    PQclear(settings);
    return wrong;
}

/* Said again when it is something else than it was: a server that stopped may be one that refuses.
 */
static void note_refused(struct postgres_session *session, const char *why)
{
    uint64_t hash = hash_text(why);
    if (atomic_exchange(&session->store->refused, hash) != hash) {
        atomic_store(&session->store->told_away, false);
    }
    postgres_note_away(session, why);
}

/* Where the database was made anew, or its search path leads elsewhere, or another version has
 * changed the tables, the keys and the layers are not those that were promised. */
static bool has_same_store(struct postgres_session *session)
{
    char *facts = postgres_facts(session);
    bool same = facts && strcmp(facts, session->store->facts) == 0;
    free(facts);
    return same;
}

/* Nothing is written through one that has been set otherwise since the store was opened. */
static bool is_still_fit(struct postgres_session *session)
{
    const char *objection = find_objection(session);
    if (!objection && !session->failed && !has_same_store(session) && !session->failed) {
        objection = OTHER_STORE;
    }
    if (objection) {
        session->failed = true;
        note_refused(session, objection);
    }
    return !session->failed;
}

/* What libpq says of it may quote it, with the password in it. */
static bool is_readable(const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    PQconninfoFree(options);
    return options;
}

/* A password that isn't percent-encoded makes a host or a port of its pieces, which libpq's
 * sentences quote: its @ is followed by the one that was meant. */
static bool has_one_user(const char *url)
{
    const char *user = strstr(url, "://") + 3, *end = user + strcspn(user, "@/");
    const char *rest = *end == '@' ? end + 1 : user;
    return !memchr(rest, '@', strcspn(rest, "?"));
}

bool postgres_connect_first(struct postgres_session *session, char message[STORE_MESSAGE_MAX])
{
    if (!is_readable(session->store->url) || !has_one_user(session->store->url)) {
        snprintf(message, STORE_MESSAGE_MAX,
                 "the PostgreSQL store's URL cannot be read: expected "
                 "postgresql://USER:PASSWORD@HOST:PORT/DATABASE?NAME=VALUE, with what else these "
                 "hold percent-encoded");
        return false;
    }
    bool ok = make_connection(session);
    const char *objection = ok ? find_objection(session) : NULL;
    if (objection) {
        snprintf(message, STORE_MESSAGE_MAX, "the PostgreSQL server %s", objection);
    } else if (!ok) {
        postgres_note_away(session, session->connection ? PQerrorMessage(session->connection)
                                                        : "out of memory");
    }
    return ok && !objection && !session->failed;
}

bool postgres_connect(struct postgres_session *session)
{
    struct postgres_store *store = session->store;
    bool was_away = session->trouble == STORE_AWAY || session->trouble == STORE_UNSURE;
    if (!was_away && session->connection && PQstatus(session->connection) == CONNECTION_OK) {
        return true;
    }
    postgres_disconnect(session);
    session->trouble = STORE_AWAY;
    int64_t start = clock_monotonic_ms();
    if (start < atomic_load(&store->not_before)) {
        return false;
    }
    session->failed = false;
    bool made = make_connection(session);
    if (!made && session->connection) {
        note_refused(session, PQerrorMessage(session->connection));
    }
    if (!made || !is_still_fit(session)) {
        postgres_disconnect(session);
        /* A server that doesn't answer keeps nobody here waiting for more than half of the time. */
        int64_t end = clock_monotonic_ms();
        atomic_store(&store->not_before, end + PAUSE_MS + (end - start));
        return false;
    }
    session->trouble = STORE_NO_TROUBLE;
    atomic_store(&store->refused, 0);
    if (atomic_exchange(&store->told_away, false)) {
        log_event("info", "the database server is back", NULL, NULL);
    }
    return true;
}
