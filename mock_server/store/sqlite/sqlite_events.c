#include "mock_server/store/sqlite/sqlite_session.h"

enum store_status sqlite_event_insert(struct store_session *base, const struct store_event *event)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_EVENT_INSERT,
        "INSERT INTO events (tenant, source, event_id, type, fingerprint, record, created_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (tenant, source, event_id) DO NOTHING");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, event->tenant);
    sqlite_bind_text_at(statement, 2, event->source);
    sqlite_bind_text_at(statement, 3, event->event_id);
    sqlite_bind_text_at(statement, 4, event->type);
    sqlite_bind_text_at(statement, 5, event->fingerprint);
    sqlite_bind_id(statement, 6, event->record_id);
    sqlite3_bind_int64(statement, 7, event->created_at);
    return sqlite_change(session, statement, STORE_TAKEN);
}

enum store_status sqlite_event_find(struct store_session *base, const struct store_event *event,
                                    char **fingerprint, int64_t *record_id)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_EVENT_FIND,
                         "SELECT fingerprint, record FROM events"
                         " WHERE tenant = ?1 AND source = ?2 AND event_id = ?3");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, event->tenant);
    sqlite_bind_text_at(statement, 2, event->source);
    sqlite_bind_text_at(statement, 3, event->event_id);
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        bool failed = false;
        *fingerprint = sqlite_copy_at(statement, 0, &failed);
        *record_id = sqlite3_column_int64(statement, 1);
        sqlite_done(statement);
        return failed ? STORE_FAILED : STORE_OK;
    }
    return status;
}
