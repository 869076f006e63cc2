/* Transactions, whose outcome is known before anybody is told. */
#include "mock_server/base/log.h"
#include "mock_server/base/stop.h"
#include "mock_server/store/postgres/postgres_session.h"
#include "protocol/wire/clock.h"

#include <assert.h>
#include <stdlib.h>
#include <time.h>

/* How long it is tried to learn whether a commit took place. */
#define UNSURE_MS 10000

bool postgres_begin(struct store_session *base)
{
    struct postgres_session *session = postgres_session_of(base);
    assert(!session->in_transaction && session->writing);
    if (!postgres_connect(session)) {
        return false;
    }
    session->trouble = STORE_NO_TROUBLE;
    session->failed = session->begun = session->savepoint = false;
    session->in_transaction = true;
    return true;
}

static void end(struct postgres_session *session)
{
    postgres_drop_requests(session);
    postgres_tenants_forget(session);
    session->in_transaction = session->begun = session->savepoint = false;
    session->relies_on_locks = false;
}

void postgres_rollback(struct store_session *base)
{
    struct postgres_session *session = postgres_session_of(base);
    enum store_trouble trouble = session->trouble;
    bool begun = session->in_transaction && session->begun;
    end(session);
    postgres_forget_known(session); /* some may have been made by what is rolled back */
    session->failed = false;
    if (begun && session->connection && !postgres_run(session, "ROLLBACK")) {
        postgres_disconnect(session);
    }
    session->trouble = trouble; /* why it is rolled back, and not what came of that */
}

/* --- commits --- */

/* The row that tells whether this transaction took place. */
#define NOTE                                                                                       \
    "INSERT INTO writers (tenant, writer, transaction, at) VALUES ($1, $2, $3, $4)"                \
    " ON CONFLICT (tenant, writer)"                                                                \
    " DO UPDATE SET transaction = excluded.transaction, at = excluded.at"

static bool send_note(struct postgres_session *session, const char *tenant)
{
    static const Oid TYPES[] = {25, 25, 20, 20};
    uint64_t transaction = htobe64((uint64_t)session->transaction);
    uint64_t now = htobe64((uint64_t)clock_now_ms());
    const char *const values[] = {tenant, session->writer, (const char *)&transaction,
                                  (const char *)&now};
    const int lengths[] = {(int)strlen(tenant), (int)strlen(session->writer), 8, 8};
    return postgres_send(session, NOTE, 4, TYPES, values, lengths);
}

/* All that is left to be sent, and COMMIT behind it. False: it didn't take place, or that isn't
 * known. */
static bool send_and_commit(struct postgres_session *session, const char *tenant)
{
    int begins = 0, counters = 0;
    bool is_more_to_know =
        !postgres_all_are_locked(session) || session->groups[STATEMENT_KEY_CLAIM].trusted > 0;
    if ((is_more_to_know && !postgres_flush(session)) || !postgres_send_begin(session, &begins) ||
        !postgres_send_requests(session) || !postgres_send_counters(session, &counters) ||
        (tenant && !send_note(session, tenant)) ||
        !postgres_send(session, "COMMIT", 0, NULL, NULL, NULL) || !postgres_send_end(session)) {
        return false;
    }
    session->warned = false;
    postgres_receive_begin(session, begins);
    postgres_receive_requests(session);
    for (int i = 0; i < counters + (tenant != NULL); i++) {
        PQclear(postgres_receive(session));
    }
    PGresult *result = postgres_receive(session);
    bool committed = result && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    PQclear(result);
    /* A connection that ends behind its commit changes nothing of that. */
    postgres_receive_end(session);
    return committed;
}

enum known { IS_COMMITTED, IS_NOT_COMMITTED, IS_UNKNOWN };

/* Behind the tenant's lock, which the other transaction holds as long as it goes on, if only as the
 * one that makes the row. The note is written again, so that this commit waits for whatever the
 * other one should have waited for. */
static enum known look_for_note(struct postgres_session *session, const char *tenant)
{
    static const char LOOK[] = "INSERT INTO tenants (tenant, counters) VALUES ($1, '{}')"
                               " ON CONFLICT (tenant) DO UPDATE SET counters = tenants.counters";
    const struct value values[] = {value_text(tenant), value_text(session->writer),
                                   value_number(clock_now_ms())};
    session->begun = false;
    bool ok = postgres_start(session) && postgres_run(session, "SET LOCAL lock_timeout = 1000") &&
              postgres_run(session, "SET LOCAL statement_timeout = 5000");
    PGresult *lock = ok ? postgres_query(session, LOOK, "t", values) : NULL;
    PGresult *note = lock ? postgres_query(session,
                                           "UPDATE writers SET at = $3::bigint WHERE tenant = $1"
                                           " AND writer = $2 RETURNING transaction",
                                           "tti", values)
                          : NULL;
    enum known known = IS_UNKNOWN;
    session->warned = false;
    if (note && postgres_run(session, "COMMIT") && !session->warned) {
        bool is_there = PQntuples(note) == 1 &&
                        answer_number(&(struct answer){note, 0}, 0) == session->transaction;
        known = is_there ? IS_COMMITTED : IS_NOT_COMMITTED;
    }
    PQclear(lock);
    PQclear(note);
    return known;
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* The connection broke in the commit, or a standby that it has to wait for was waited for no more.
 */
static bool find_out(struct postgres_session *session, const char *tenant)
{
    int64_t until = clock_monotonic_ms() + UNSURE_MS;
    enum known known = IS_UNKNOWN;
    log_event("warn", "a commit's outcome is unknown: looking it up", NULL, NULL);
    while (known == IS_UNKNOWN && clock_monotonic_ms() < until && !stop_is_asked()) {
        session->failed = false;
        if (postgres_connect(session)) {
            known = look_for_note(session, tenant);
        }
        if (known == IS_UNKNOWN) {
            postgres_disconnect(session);
            pause_ms(50);
        }
    }
    log_event(known == IS_UNKNOWN ? "error" : "info", "looked up a commit's outcome", "outcome",
              known == IS_COMMITTED       ? "committed"
              : known == IS_NOT_COMMITTED ? "not committed"
                                          : "unknown");
    session->failed = known != IS_COMMITTED;
    session->trouble = known == IS_COMMITTED       ? STORE_NO_TROUBLE
                       : known == IS_NOT_COMMITTED ? STORE_AGAIN
                                                   : STORE_UNSURE;
    return known == IS_COMMITTED;
}

/* Nothing was asked nor told: there is nothing to commit. */
static bool is_empty(const struct postgres_session *session)
{
    return !session->begun && session->tenant_count == 0 && session->queued == 0;
}

static bool commit(struct postgres_session *session, const char *tenant)
{
    session->transaction++;
    bool committed = send_and_commit(session, tenant);
    bool is_known = committed ? !session->warned
                              : session->connection && session->trouble != STORE_AWAY &&
                                    PQstatus(session->connection) == CONNECTION_OK;
    return is_known || !tenant ? committed : find_out(session, tenant);
}

bool postgres_commit(struct store_session *base)
{
    struct postgres_session *session = postgres_session_of(base);
    assert(session->in_transaction);
    if (session->failed) {
        return false;
    }
    char *tenant = session->tenant_count > 0 ? strdup(session->tenants[0]->name) : NULL;
    bool ok =
        is_empty(session) || (!(session->tenant_count > 0 && !tenant) && commit(session, tenant));
    free(tenant);
    if (ok) {
        session->careful = false;
        end(session);
    }
    return ok;
}

/* --- parts that can be undone --- */

bool postgres_savepoint(struct store_session *base)
{
    struct postgres_session *session = postgres_session_of(base);
    session->savepoint = postgres_flush(session) && postgres_start(session) &&
                         postgres_run(session, "SAVEPOINT part");
    postgres_tenants_mark(session);
    return session->savepoint;
}

bool postgres_release(struct store_session *base)
{
    struct postgres_session *session = postgres_session_of(base);
    session->savepoint = false;
    return postgres_flush(session) && postgres_run(session, "RELEASE SAVEPOINT part");
}

bool postgres_undo(struct store_session *base)
{
    struct postgres_session *session = postgres_session_of(base);
    bool reached = session->connection && PQstatus(session->connection) == CONNECTION_OK;
    postgres_drop_requests(session);
    postgres_tenants_undo(session);
    postgres_forget_known(session);
    session->failed = false;
    session->savepoint = false;
    return reached && postgres_run(session, "ROLLBACK TO SAVEPOINT part") &&
           postgres_run(session, "RELEASE SAVEPOINT part");
}

/* A commit that has to reach the disk, of nothing. */
bool postgres_probe(struct store_session *base)
{
    struct postgres_session *session = postgres_session_of(base);
    PGresult *result = postgres_select(session,
                                       "UPDATE facts SET value = value WHERE tenant = ''"
                                       " AND name = 'version'",
                                       "", NULL);
    PQclear(result);
    return result != NULL;
}
