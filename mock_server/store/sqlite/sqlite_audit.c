#include "mock_server/store/sqlite/sqlite_session.h"

enum store_status sqlite_audit_append(struct store_session *base, struct store_audit_entry *entry)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_AUDIT_APPEND,
        "INSERT INTO audit (place, at, request_id, user, endpoint, key, resource, record_id,"
        " parent_id, unique_values, outcome, status, fault) VALUES"
        " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
    struct store_collection audit = AUDIT_OF(entry->tenant);
    struct collection *found = NULL;
    int64_t seq = 0;
    if (!statement || sqlite_place_collection(session, &audit, &found) != STORE_OK ||
        sqlite_next_number(session, found, 1, &seq) != STORE_OK) {
        return STORE_FAILED;
    }
    const char *values = store_values_write(entry->unique, &session->values);
    if (session->values.failed) {
        buffer_clear(&session->values);
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, found->first_place + seq);
    sqlite3_bind_int64(statement, 2, entry->at);
    sqlite_bind_text_at(statement, 3, entry->request_id);
    sqlite_bind_text_at(statement, 4, entry->user);
    sqlite_bind_text_at(statement, 5, entry->endpoint);
    sqlite_bind_text_at(statement, 6, entry->key);
    sqlite_bind_text_at(statement, 7, entry->resource);
    sqlite_bind_text_at(statement, 8, entry->record_id);
    sqlite_bind_text_at(statement, 9, entry->parent_id);
    sqlite_bind_text_at(statement, 10, values);
    sqlite_bind_text_at(statement, 11, entry->outcome);
    sqlite3_bind_int(statement, 12, entry->status);
    sqlite_bind_text_at(statement, 13, entry->fault);
    enum store_status status = sqlite_run(session, statement);
    if (status == STORE_OK) {
        entry->seq = seq;
        found->last = seq;
    }
    return status;
}

static void give(sqlite3_stmt *statement, const char *tenant, store_audit_each *each, void *context)
{
    struct store_audit_entry entry = {
        .tenant = tenant,
        .seq = sqlite3_column_int64(statement, 0),
        .at = sqlite3_column_int64(statement, 1),
        .request_id = sqlite_text_at(statement, 2),
        .user = sqlite_text_at(statement, 3),
        .endpoint = sqlite_text_at(statement, 4),
        .key = sqlite_text_at(statement, 5),
        .resource = sqlite_text_at(statement, 6),
        .record_id = sqlite_text_at(statement, 7),
        .parent_id = sqlite_text_at(statement, 8),
        .outcome = sqlite_text_at(statement, 10),
        .status = sqlite3_column_int(statement, 11),
        .fault = sqlite_text_at(statement, 12),
    };
    struct json *values = store_values_read(sqlite_text_at(statement, 9), entry.unique);
    each(context, &entry);
    json_free(values);
}

enum store_status sqlite_audit_list(struct store_session *base, const char *tenant, int64_t after,
                                    int limit, store_audit_each *each, void *context)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_AUDIT_LIST,
        "SELECT seq, at, request_id, user, endpoint, key, resource, record_id, parent_id,"
        " unique_values, outcome, status, fault FROM audit"
        " WHERE place > ?1 AND place < ?2 ORDER BY place LIMIT ?3");
    struct store_collection audit = AUDIT_OF(tenant);
    struct collection *found = NULL;
    enum store_status status =
        statement ? sqlite_find_collection(session, &audit, &found) : STORE_FAILED;
    if (status != STORE_OK) {
        return status == STORE_ABSENT ? STORE_OK : status;
    }
    sqlite3_bind_int64(statement, 1, found->first_place + (after < ID_END ? after : ID_END));
    sqlite3_bind_int64(statement, 2, found->first_place + ID_END);
    sqlite3_bind_int(statement, 3, limit);
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        give(statement, tenant, each, context);
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}
