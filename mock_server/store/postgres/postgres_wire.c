/* Pipeline mode (libpq, chapter "Pipeline Mode"): what is sent in a row is answered in a row, with
 * one wait for all of it. The socket doesn't block, so that neither side waits for the other to
 * read. */
#include "mock_server/store/postgres/postgres_session.h"
#include "protocol/wire/clock.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>

/* What was sent of it is worth nothing. */
static bool give_up(struct postgres_session *session)
{
    postgres_note_failure(session, NULL);
    postgres_disconnect(session);
    return false;
}

/* --- statements under names --- */

/* Each transaction has the same few statements: they are sent under names, which tell what they
 * say, and parsed once a connection. Behind a pooler that mixes connections up a name may be
 * missing, or taken, and then none is used any more. What is read stays without: it would be
 * planned for the few rows that there were once. */
static bool has_name(const struct postgres_session *session)
{
    return session->in_transaction && !atomic_load(&session->store->pooled);
}

/* The place of a hash, or a free one; NULL: there are too many. */
static uint64_t *find_prepared(struct postgres_session *session, uint64_t hash)
{
    for (size_t i = 0; i < PREPARED_MAX; i++) {
        if (session->prepared[i] == hash || session->prepared[i] == 0) {
            return &session->prepared[i];
        }
    }
    return NULL;
}

/* *name is empty where it is to go without. */
static bool prepare(struct postgres_session *session, const char *sql, int count, const Oid *types,
                    char name[STATEMENT_NAME_SIZE], bool *prepares)
{
    uint64_t hash = hash_text(sql);
    uint64_t *place = has_name(session) ? find_prepared(session, hash) : NULL;
    name[0] = '\0';
    *prepares = place && *place == 0;
    if (place) {
        snprintf(name, STATEMENT_NAME_SIZE, "invonce_%016llx_%u", (unsigned long long)hash,
                 session->generation);
    }
    if (*prepares) {
        session->prepares_now = true;
        *place = hash;
        return PQsendPrepare(session->connection, name, sql, count, types);
    }
    return true;
}

bool postgres_send(struct postgres_session *session, const char *sql, int count, const Oid *types,
                   const char *const *values, const int *lengths)
{
    int formats[STATEMENT_VALUES_MAX];
    char name[STATEMENT_NAME_SIZE];
    bool *prepares = &session->sent_prepares[session->sent++ % SENT_MAX];
    for (int i = 0; i < count; i++) {
        formats[i] = 1; /* binary */
    }
    assert(session->sent - session->received <= SENT_MAX);
    bool ok = prepare(session, sql, count, types, name, prepares) &&
              (name[0] ? PQsendQueryPrepared(session->connection, name, count, values, lengths,
                                             formats, 0)
                       : PQsendQueryParams(session->connection, sql, count, types, values, lengths,
                                           formats, 0));
    return ok || give_up(session);
}

/* --- answers --- */

/* Nothing takes so long on a server that is well and has its standbys. */
#define SILENCE_MS      (session->writing ? 20000 : 10000)
#define SILENT_PAUSE_MS 1000 /* before somebody here waits for it again */

/* Waits until something can be read, and sends meanwhile what isn't sent yet. False: broken. */
static bool wait_for_server(struct postgres_session *session)
{
    PGconn *connection = session->connection;
    int unsent = PQflush(connection);
    struct pollfd fd = {.fd = PQsocket(connection), .events = POLLIN};
    if (unsent < 0 || fd.fd < 0) {
        return false;
    }
    if (unsent > 0) {
        fd.events |= POLLOUT;
    }
    int ready = poll(&fd, 1, SILENCE_MS);
    if (ready == 0) {
        atomic_store(&session->store->not_before, clock_monotonic_ms() + SILENT_PAUSE_MS);
        return false;
    }
    if (ready < 0) {
        return errno == EINTR;
    }
    return !(fd.revents & ~POLLOUT) || PQconsumeInput(connection);
}

static PGresult *next_result(struct postgres_session *session)
{
    while (PQisBusy(session->connection)) {
        if (!wait_for_server(session)) {
            /* So that PQgetResult doesn't wait either. */
            shutdown(PQsocket(session->connection), SHUT_RDWR);
            break;
        }
    }
    return PQgetResult(session->connection);
}

bool postgres_send_end(struct postgres_session *session)
{
    return PQpipelineSync(session->connection) || give_up(session);
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

/* Each answer is a result and then none. */
static PGresult *receive_one(struct postgres_session *session)
{
    PGresult *result = next_result(session);
    if (!is_good(result)) {
        postgres_note_failure(session, result);
        PQclear(result);
        result = NULL;
    }
    PGresult *more = NULL;
    while (PQstatus(session->connection) == CONNECTION_OK && (more = next_result(session))) {
        PQclear(more);
    }
    return result;
}

PGresult *postgres_receive(struct postgres_session *session)
{
    if (session->sent_prepares[session->received++ % SENT_MAX]) {
        PQclear(receive_one(session));
    }
    return receive_one(session);
}

bool postgres_receive_end(struct postgres_session *session)
{
    PGresult *result = next_result(session);
    bool ok = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    if (!ok) {
        postgres_note_failure(session, result);
    }
    PQclear(result);
    if (session->prepares_now && (!ok || session->failed)) { /* which of them are there? */
        memset(session->prepared, 0, sizeof session->prepared);
        session->generation++;
    }
    session->prepares_now = false;
    return ok && !session->failed;
}

PGresult *postgres_query(struct postgres_session *session, const char *sql, const char *types,
                         const struct value *values)
{
    /* A scalar is sent as text, whose type is said in the statement. */
    char numbers[STATEMENT_VALUES_MAX][24];
    const char *texts[STATEMENT_VALUES_MAX];
    int lengths[STATEMENT_VALUES_MAX], count = 0;
    for (; types[count]; count++) {
        const struct value *value = &values[count];
        bool is_number = types[count] == 'i' || types[count] == 'n';
        if (is_number) {
            lengths[count] =
                snprintf(numbers[count], sizeof numbers[0], "%lld", (long long)value->number);
        } else {
            lengths[count] = (int)value->length;
        }
        texts[count] = value->is_null ? NULL : is_number ? numbers[count] : value->at;
    }
    static const Oid TEXTS[STATEMENT_VALUES_MAX] = {25, 25, 25, 25, 25, 25, 25,
                                                    25, 25, 25, 25, 25, 25, 25};
    if (!postgres_send(session, sql, count, TEXTS, texts, lengths) || !postgres_send_end(session)) {
        return NULL;
    }
    PGresult *result = postgres_receive(session);
    if (!postgres_receive_end(session)) {
        PQclear(result);
        return NULL;
    }
    return result;
}

bool postgres_run(struct postgres_session *session, const char *sql)
{
    PGresult *result = postgres_query(session, sql, "", NULL);
    PQclear(result);
    return result != NULL;
}
