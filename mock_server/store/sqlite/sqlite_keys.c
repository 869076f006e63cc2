#include "mock_server/store/sqlite/sqlite_session.h"

#include <assert.h>
#include <stdlib.h>

/* Every statement on one key has it at ?1 to ?3. */
static sqlite3_stmt *key_statement(struct sqlite_session *session, enum statement which,
                                   const char *sql, const struct store_key *key)
{
    sqlite3_stmt *statement = sqlite_statement(session, which, sql);
    if (statement) {
        sqlite_bind_text_at(statement, 1, key->tenant);
        sqlite_bind_text_at(statement, 2, key->endpoint);
        sqlite_bind_text_at(statement, 3, key->key);
    }
    return statement;
}

/* A reply is at ?4 to ?9. */
static void bind_reply(sqlite3_stmt *statement, const struct store_reply *reply)
{
    assert(reply->status != 0); /* NULL is a key's in progress; 0 would be nothing's */
    sqlite3_bind_int(statement, 4, reply->status);
    sqlite_bind_text_at(statement, 5, reply->problem);
    sqlite_bind_text_at(statement, 6, reply->record_id);
    sqlite_bind_text_at(statement, 7, reply->location);
    sqlite3_bind_text(statement, 8, reply->body, (int)reply->body_length, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 9, reply->expires_at);
}

static void bind_owner(sqlite3_stmt *statement, int place,
                       const unsigned char owner[STORE_OWNER_SIZE])
{
    sqlite3_bind_blob(statement, place, owner, STORE_OWNER_SIZE, SQLITE_STATIC);
}

enum store_status sqlite_key_find(struct store_session *base, const struct store_key *key,
                                  int64_t now, struct store_saved *saved)
{
    struct sqlite_session *session = sqlite_session_of(base);
    *saved = (struct store_saved){0};
    sqlite3_stmt *statement = key_statement(
        session, STATEMENT_KEY_FIND,
        "SELECT fingerprint, status, problem, record_id, lease_until, expires_at, request,"
        " location, body FROM idempotency_keys WHERE tenant = ?1 AND endpoint = ?2 AND key = ?3",
        key);
    enum store_status status = statement ? sqlite_row(session, statement) : STORE_FAILED;
    if (status != STORE_OK) {
        return status;
    }
    bool failed = false;
    saved->fingerprint = sqlite_copy_at(statement, 0, &failed);
    saved->status = sqlite3_column_int(statement, 1);
    saved->problem = sqlite_copy_at(statement, 2, &failed);
    saved->record_id = sqlite_copy_at(statement, 3, &failed);
    saved->lease_until = sqlite3_column_int64(statement, 4);
    saved->expires_at = sqlite3_column_int64(statement, 5);
    if (saved->status != 0 && saved->expires_at <= now) {
        saved->expires_at = 0;
    } else {
        saved->request = sqlite_copy_at(statement, 6, &failed);
        saved->location = sqlite_copy_at(statement, 7, &failed);
        saved->body = sqlite_copy_at(statement, 8, &failed);
        saved->body_length = (size_t)sqlite3_column_bytes(statement, 8);
    }
    sqlite_done(statement);
    bool is_sound = saved->status == 0 || (saved->status >= 200 && saved->status < 600);
    if (failed || !is_sound) {
        store_saved_clear(saved);
        return STORE_FAILED;
    }
    return STORE_OK;
}

/* The unique constraint decides: a key that is known leaves nothing changed. */
enum store_status sqlite_key_claim(struct store_session *base, const struct store_key *key,
                                   const char *fingerprint, const char *request,
                                   const struct store_reply *reply)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = key_statement(
        session, STATEMENT_KEY_CLAIM,
        "INSERT INTO idempotency_keys (tenant, endpoint, key, status, problem, record_id,"
        " location, body, expires_at, fingerprint, request)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
        " ON CONFLICT (tenant, endpoint, key) DO NOTHING",
        key);
    if (!statement) {
        return STORE_FAILED;
    }
    bind_reply(statement, reply);
    sqlite_bind_text_at(statement, 10, fingerprint);
    sqlite_bind_text_at(statement, 11, request);
    return sqlite_change(session, statement, STORE_TAKEN);
}

enum store_status sqlite_key_claim_in_progress(struct store_session *base,
                                               const struct store_key *key, const char *fingerprint,
                                               const char *request,
                                               const unsigned char owner[STORE_OWNER_SIZE],
                                               int64_t lease_until)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = key_statement(
        session, STATEMENT_KEY_CLAIM_IN_PROGRESS,
        "INSERT INTO idempotency_keys (tenant, endpoint, key, fingerprint, request, owner,"
        " lease_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        " ON CONFLICT (tenant, endpoint, key) DO NOTHING",
        key);
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 4, fingerprint);
    sqlite_bind_text_at(statement, 5, request);
    bind_owner(statement, 6, owner);
    sqlite3_bind_int64(statement, 7, lease_until);
    return sqlite_change(session, statement, STORE_TAKEN);
}

enum store_status sqlite_key_take_over(struct store_session *base, const struct store_key *key,
                                       const unsigned char owner[STORE_OWNER_SIZE],
                                       int64_t lease_until, int64_t now)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        key_statement(session, STATEMENT_KEY_TAKE_OVER,
                      "UPDATE idempotency_keys SET owner = ?4, lease_until = ?5"
                      " WHERE tenant = ?1 AND endpoint = ?2 AND key = ?3"
                      " AND status IS NULL AND lease_until <= ?6",
                      key);
    if (!statement) {
        return STORE_FAILED;
    }
    bind_owner(statement, 4, owner);
    sqlite3_bind_int64(statement, 5, lease_until);
    sqlite3_bind_int64(statement, 6, now);
    return sqlite_change(session, statement, STORE_ABSENT);
}

enum store_status sqlite_key_complete(struct store_session *base, const struct store_key *key,
                                      const unsigned char owner[STORE_OWNER_SIZE],
                                      const struct store_reply *reply)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = key_statement(
        session, STATEMENT_KEY_COMPLETE,
        "UPDATE idempotency_keys SET status = ?4, problem = ?5, record_id = ?6, location = ?7,"
        " body = ?8, expires_at = ?9, owner = NULL, lease_until = NULL,"
        " rowid = (SELECT max(rowid) + 1 FROM idempotency_keys)" /* see keys_expire */
        " WHERE tenant = ?1 AND endpoint = ?2 AND key = ?3 AND status IS NULL AND owner = ?10",
        key);
    if (!statement) {
        return STORE_FAILED;
    }
    bind_reply(statement, reply);
    bind_owner(statement, 10, owner);
    return sqlite_change(session, statement, STORE_ABSENT);
}

enum store_status sqlite_key_amend(struct store_session *base, const struct store_key *key,
                                   const struct store_reply *reply)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = key_statement(
        session, STATEMENT_KEY_AMEND,
        "UPDATE idempotency_keys SET status = ?4, problem = ?5, record_id = ?6, location = ?7,"
        " body = ?8, expires_at = ?9 WHERE tenant = ?1 AND endpoint = ?2 AND key = ?3",
        key);
    if (!statement) {
        return STORE_FAILED;
    }
    bind_reply(statement, reply);
    return sqlite_change(session, statement, STORE_ABSENT);
}

/* Rowids are in the order in which replies were saved, so that those past their lifetime come first
 * after the mark; no index on times is needed, which each create would have to write to. Where
 * lifetimes differ, some wait here for one before them; what is replayed goes by the clock. */
static enum store_status read_mark(struct sqlite_session *session, int64_t *mark)
{
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_KEYS_MARK,
                         "SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'keys_expired_to'");
    return sqlite_number(session, statement, mark);
}

/* Goes on from *mark over keys that are past their lifetime, tombstones already, or in progress
 * (which get a new rowid when they are completed). */
static enum store_status move_mark(struct sqlite_session *session, int64_t now, int limit,
                                   int64_t *mark, int *count)
{
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_KEYS_AFTER_MARK,
                         "SELECT rowid, expires_at FROM idempotency_keys WHERE rowid > ?1"
                         " ORDER BY rowid LIMIT ?2");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, *mark);
    sqlite3_bind_int(statement, 2, limit);
    enum store_status status = STORE_OK;
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        if (sqlite3_column_int64(statement, 1) > now) { /* NULL is 0 */
            sqlite_done(statement);
            return STORE_OK;
        }
        *mark = sqlite3_column_int64(statement, 0);
        ++*count;
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

static enum store_status run_between(struct sqlite_session *session, enum statement which,
                                     const char *sql, int64_t after, int64_t until)
{
    sqlite3_stmt *statement = sqlite_statement(session, which, sql);
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, after);
    sqlite3_bind_int64(statement, 2, until);
    return sqlite_run(session, statement);
}

enum store_status sqlite_keys_expire(struct store_session *base, int64_t now, int limit, int *count)
{
    struct sqlite_session *session = sqlite_session_of(base);
    int64_t after = 0;
    *count = 0;
    enum store_status status = read_mark(session, &after);
    int64_t until = after;
    if (status == STORE_OK) {
        status = move_mark(session, now, limit, &until, count);
    }
    if (status == STORE_OK && *count > 0) {
        status = run_between(session, STATEMENT_KEYS_EXPIRE,
                             "UPDATE idempotency_keys SET expires_at = NULL, request = NULL,"
                             " location = NULL, body = NULL"
                             " WHERE rowid > ?1 AND rowid <= ?2 AND expires_at IS NOT NULL",
                             after, until);
    }
    if (status == STORE_OK && *count > 0) {
        status = run_between(session, STATEMENT_KEYS_SET_MARK,
                             "UPDATE facts SET value = ?2 WHERE name = 'keys_expired_to'"
                             " AND CAST(value AS INTEGER) = ?1",
                             after, until);
    }
    return status;
}
