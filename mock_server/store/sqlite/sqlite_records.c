#include "mock_server/store/sqlite/sqlite_session.h"

#include <assert.h>
#include <string.h>

static bool is_id(int64_t id)
{
    return id > 0 && id < ID_END;
}

enum store_status sqlite_record_insert(struct store_session *base,
                                       const struct store_collection *collection,
                                       const struct store_record *record)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_RECORD_INSERT,
                         "INSERT INTO records (place, period, parent, created)"
                         " VALUES (?1, ?2, ?3, ?4)");
    struct collection *found = NULL;
    assert(is_id(record->id)); /* or its place is in another collection */
    if (!statement || sqlite_place_collection(session, collection, &found) != STORE_OK) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, found->first_place + record->id);
    sqlite_bind_id(statement, 2, record->period);
    sqlite_bind_id(statement, 3, record->parent);
    sqlite3_bind_text(statement, 4, record->json, (int)record->length, SQLITE_STATIC);
    enum store_status status = sqlite_run(session, statement);
    if (status != STORE_OK) {
        return status;
    }
    found->last = record->id;
    return record->period ? sqlite_note_period(session, found, record) : STORE_OK;
}

/* Where the record is, as ?1. STORE_ABSENT: nowhere. */
static enum store_status bind_place(struct sqlite_session *session, sqlite3_stmt *statement,
                                    const struct store_collection *collection, int64_t id)
{
    struct collection *found = NULL;
    enum store_status status =
        statement ? sqlite_find_collection(session, collection, &found) : STORE_FAILED;
    if (status == STORE_OK && is_id(id)) {
        sqlite3_bind_int64(statement, 1, found->first_place + id);
        return STORE_OK;
    }
    return status == STORE_OK ? STORE_ABSENT : status;
}

/* Gives a column of it another id, ?2; 0: none. */
static enum store_status set_id(struct sqlite_session *session, sqlite3_stmt *statement,
                                const struct store_collection *collection, int64_t id,
                                int64_t value)
{
    enum store_status status = bind_place(session, statement, collection, id);
    if (status != STORE_OK) {
        return status;
    }
    sqlite_bind_id(statement, 2, value);
    return sqlite_change(session, statement, STORE_ABSENT);
}

enum store_status sqlite_record_change(struct store_session *base,
                                       const struct store_collection *collection, int64_t id,
                                       const char *json)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(session, STATEMENT_RECORD_CHANGE,
                                               "UPDATE records SET current = ?2 WHERE place = ?1");
    enum store_status status = bind_place(session, statement, collection, id);
    if (status != STORE_OK) {
        return status;
    }
    sqlite_bind_text_at(statement, 2, json);
    return sqlite_change(session, statement, STORE_ABSENT);
}

enum store_status sqlite_record_move(struct store_session *base,
                                     const struct store_collection *collection, int64_t id,
                                     int64_t parent)
{
    struct sqlite_session *session = sqlite_session_of(base);
    return set_id(session,
                  sqlite_statement(session, STATEMENT_RECORD_MOVE,
                                   "UPDATE records SET parent = ?2 WHERE place = ?1"),
                  collection, id, parent);
}

enum store_status sqlite_record_merge(struct store_session *base,
                                      const struct store_collection *collection, int64_t id,
                                      int64_t into)
{
    struct sqlite_session *session = sqlite_session_of(base);
    session->has_merged = true;
    return set_id(session,
                  sqlite_statement(session, STATEMENT_RECORD_MERGE,
                                   "UPDATE records SET merged = ?2 WHERE place = ?1"),
                  collection, id, into);
}

static sqlite3_stmt *find_statement(struct sqlite_session *session, enum store_age age,
                                    bool with_json)
{
    if (!with_json) {
        return sqlite_statement(session, STATEMENT_RECORD_MERGED,
                                "SELECT NULL, merged FROM records WHERE place = ?1");
    }
    return age == STORE_CREATED
               ? sqlite_statement(session, STATEMENT_RECORD_CREATED,
                                  "SELECT created, merged FROM records WHERE place = ?1")
               : sqlite_statement(
                     session, STATEMENT_RECORD_NOW,
                     "SELECT coalesce(current, created), merged FROM records WHERE place = ?1");
}

enum store_status sqlite_record_find(struct store_session *base,
                                     const struct store_collection *collection, int64_t id,
                                     enum store_age age, char **json, int64_t *merged_into)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = find_statement(session, age, json);
    enum store_status status = bind_place(session, statement, collection, id);
    if (status == STORE_OK) {
        status = sqlite_row(session, statement);
    }
    if (status != STORE_OK) {
        return status;
    }
    bool failed = false;
    if (json) {
        *json = sqlite_copy_at(statement, 0, &failed);
    }
    if (merged_into) {
        *merged_into = sqlite3_column_int64(statement, 1);
    }
    sqlite_done(statement);
    return failed ? STORE_FAILED : STORE_OK;
}
