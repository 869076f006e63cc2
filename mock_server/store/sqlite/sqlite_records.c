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

enum store_status sqlite_record_find(struct store_session *base,
                                     const struct store_collection *collection, int64_t id,
                                     enum store_age age, char **json)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        age == STORE_CREATED
            ? sqlite_statement(session, STATEMENT_RECORD_CREATED,
                               "SELECT created FROM records WHERE place = ?1")
            : sqlite_statement(session, STATEMENT_RECORD_NOW,
                               "SELECT coalesce(current, created) FROM records WHERE place = ?1");
    enum store_status status = bind_place(session, statement, collection, id);
    if (status == STORE_OK) {
        status = sqlite_row(session, statement);
    }
    if (status == STORE_OK) {
        bool failed = false;
        *json = sqlite_copy_at(statement, 0, &failed);
        sqlite_done(statement);
        return failed ? STORE_FAILED : STORE_OK;
    }
    return status;
}
