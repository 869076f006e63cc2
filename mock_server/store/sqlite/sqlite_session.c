#include "mock_server/store/sqlite/sqlite_session.h"

#include "mock_server/base/log.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 200 /* of a statement in the log; a script would fill a page */

static void log_failure(struct sqlite_session *session, const char *what)
{
    char shown[SHOWN_MAX + 1];
    snprintf(shown, sizeof shown, "%s", what);
    struct log_line line;
    log_begin(&line, "error", "the store failed");
    log_text(&line, "at", shown);
    log_text(&line, "reason", sqlite3_errmsg(session->db));
    log_number(&line, "code", sqlite3_extended_errcode(session->db));
    log_end(&line);
}

static int note_wal_pages(void *session, sqlite3 *db, const char *name, int pages)
{
    (void)db;
    (void)name;
    ((struct sqlite_session *)session)->wal_pages = pages;
    return SQLITE_OK;
}

struct sqlite_session *sqlite_session_open(struct sqlite_store *store, const char *settings)
{
    struct sqlite_session *session = calloc(1, sizeof(struct sqlite_session));
    if (!session) {
        return NULL;
    }
    session->base.driver = store->base.driver;
    session->store = store;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(store->path, &session->db, flags, NULL) != SQLITE_OK) {
        log_failure(session, "open");
        sqlite_session_close(session);
        return NULL;
    }
    sqlite3_extended_result_codes(session->db, 1);
    sqlite3_busy_timeout(session->db, BUSY_MS);
    if (!sqlite_script(session, settings)) {
        sqlite_session_close(session);
        return NULL;
    }
    sqlite3_wal_hook(session->db, note_wal_pages, session); /* wal_autocheckpoint takes it away */
    return session;
}

void sqlite_session_close(struct sqlite_session *session)
{
    if (!session) {
        return;
    }
    for (int i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(session->statements[i]);
    }
    if (session->db &&
        atomic_load(&session->store->unsound)) { /* else the last one moves the log into it */
        sqlite3_db_config(session->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    sqlite3_close(session->db);
    buffer_clear(&session->values);
    free(session);
}

sqlite3_stmt *sqlite_statement(struct sqlite_session *session, enum statement which,
                               const char *sql)
{
    assert(which < STATEMENT_COUNT);
    sqlite3_stmt **statement = &session->statements[which];
    if (!*statement && sqlite3_prepare_v3(session->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                          statement, NULL) != SQLITE_OK) {
        log_failure(session, sql);
        *statement = NULL;
    }
    return *statement;
}

/* What is bound outlives the statement's run: every caller steps it to its end and resets it. */
void sqlite_bind_text_at(sqlite3_stmt *statement, int place, const char *text)
{
    if (text) {
        sqlite3_bind_text(statement, place, text, -1, SQLITE_STATIC);
    } else {
        sqlite3_bind_null(statement, place);
    }
}

void sqlite_bind_id(sqlite3_stmt *statement, int place, int64_t id_or_0)
{
    if (id_or_0) {
        sqlite3_bind_int64(statement, place, id_or_0);
    } else {
        sqlite3_bind_null(statement, place);
    }
}

const char *sqlite_text_at(sqlite3_stmt *statement, int column)
{
    return (const char *)sqlite3_column_text(statement, column);
}

char *sqlite_copy_at(sqlite3_stmt *statement, int column, bool *failed)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL) {
        return NULL;
    }
    const void *text = sqlite3_column_text(statement, column);
    size_t size = (size_t)sqlite3_column_bytes(statement, column) + 1;
    char *copy = text ? malloc(size) : NULL;
    if (!copy) {
        *failed = true;
        return NULL;
    }
    return memcpy(copy, text, size);
}

/* For want of memory or room SQLite undoes a transaction by itself: what came then would be kept,
 * each statement as one of its own. */
static bool was_undone(const struct sqlite_session *session)
{
    return session->in_transaction && sqlite3_get_autocommit(session->db);
}

enum store_status sqlite_run(struct sqlite_session *session, sqlite3_stmt *statement)
{
    assert(statement && !sqlite3_stmt_busy(statement)); /* whoever had it last was done with it */
    if (was_undone(session)) {
        return STORE_FAILED;
    }
    int result = sqlite3_step(statement);
    enum store_status status = STORE_OK;
    if (result == SQLITE_CONSTRAINT_UNIQUE || result == SQLITE_CONSTRAINT_PRIMARYKEY) {
        status = STORE_TAKEN;
    } else if (result != SQLITE_DONE && result != SQLITE_ROW) {
        log_failure(session, sqlite3_sql(statement));
        status = STORE_FAILED;
    }
    sqlite3_reset(statement);
    return status;
}

enum store_status sqlite_change(struct sqlite_session *session, sqlite3_stmt *statement,
                                enum store_status if_none)
{
    enum store_status status = statement ? sqlite_run(session, statement) : STORE_FAILED;
    return status == STORE_OK && sqlite3_changes(session->db) == 0 ? if_none : status;
}

bool sqlite_run_plain(struct sqlite_session *session, enum statement which, const char *sql)
{
    sqlite3_stmt *statement = sqlite_statement(session, which, sql);
    return statement && sqlite_run(session, statement) == STORE_OK;
}

enum store_status sqlite_row(struct sqlite_session *session, sqlite3_stmt *statement)
{
    if (was_undone(session)) {
        return STORE_FAILED;
    }
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        return STORE_OK;
    }
    if (result != SQLITE_DONE) {
        log_failure(session, sqlite3_sql(statement));
    }
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? STORE_ABSENT : STORE_FAILED;
}

enum store_status sqlite_number(struct sqlite_session *session, sqlite3_stmt *statement,
                                int64_t *number)
{
    enum store_status status = statement ? sqlite_row(session, statement) : STORE_FAILED;
    if (status == STORE_OK) {
        *number = sqlite3_column_int64(statement, 0);
        sqlite_done(statement);
    }
    return status;
}

void sqlite_done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
}

bool sqlite_script(struct sqlite_session *session, const char *sql)
{
    if (sqlite3_exec(session->db, sql, NULL, NULL, NULL) == SQLITE_OK) {
        return true;
    }
    log_failure(session, sql);
    return false;
}
