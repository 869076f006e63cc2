#include "mock_server/store/sqlite/sqlite_session.h"

enum store_status store_audit_append(struct store_session *session, struct store_audit_entry *entry)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_AUDIT_APPEND,
        "INSERT INTO audit (tenant, place, at, request_id, user, endpoint, key, number, year,"
        " external_source, external_id, outcome, invoice_id, status, fault) VALUES"
        " (?1, ?14, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?15)");
    int64_t first = 0, seq = 0;
    if (!statement || sqlite_place_tenant(session, entry->tenant, &first) != STORE_OK ||
        sqlite_next_number(session, SERIES_AUDIT, entry->tenant, &seq) != STORE_OK) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, entry->tenant);
    sqlite3_bind_int64(statement, 2, entry->at);
    sqlite_bind_text_at(statement, 3, entry->request_id);
    sqlite_bind_text_at(statement, 4, entry->user);
    sqlite_bind_text_at(statement, 5, entry->endpoint);
    sqlite_bind_text_at(statement, 6, entry->key);
    sqlite_bind_text_at(statement, 7, entry->number);
    sqlite_bind_id(statement, 8, entry->year);
    sqlite_bind_text_at(statement, 9, entry->external_source);
    sqlite_bind_text_at(statement, 10, entry->external_id);
    sqlite_bind_text_at(statement, 11, entry->outcome);
    sqlite_bind_text_at(statement, 12, entry->invoice_id);
    sqlite3_bind_int(statement, 13, entry->status);
    sqlite3_bind_int64(statement, 14, first + seq);
    sqlite_bind_text_at(statement, 15, entry->fault);
    enum store_status status = sqlite_run(session, statement, NULL);
    if (status == STORE_OK) {
        entry->seq = seq;
        sqlite_took_number(session, SERIES_AUDIT, entry->tenant, seq);
    }
    return status;
}

enum store_status store_audit_list(struct store_session *session, const char *tenant, int64_t after,
                                   int limit, store_audit_each *each, void *context)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_AUDIT_LIST,
        "SELECT seq, at, request_id, user, endpoint, key, number, year, external_source,"
        " external_id, outcome, invoice_id, status, fault FROM audit"
        " WHERE place > ?1 AND place < ?2 ORDER BY place LIMIT ?3");
    int64_t first = 0;
    enum store_status status =
        statement ? sqlite_find_tenant(session, tenant, &first) : STORE_FAILED;
    if (status != STORE_OK) {
        return status == STORE_ABSENT ? STORE_OK : status;
    }
    sqlite3_bind_int64(statement, 1, first + (after < ID_END ? after : ID_END));
    sqlite3_bind_int64(statement, 2, first + ID_END);
    sqlite3_bind_int(statement, 3, limit);
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        struct store_audit_entry entry = {
            .tenant = tenant,
            .seq = sqlite3_column_int64(statement, 0),
            .at = sqlite3_column_int64(statement, 1),
            .request_id = sqlite_text_at(statement, 2),
            .user = sqlite_text_at(statement, 3),
            .endpoint = sqlite_text_at(statement, 4),
            .key = sqlite_text_at(statement, 5),
            .number = sqlite_text_at(statement, 6),
            .year = sqlite3_column_int(statement, 7),
            .external_source = sqlite_text_at(statement, 8),
            .external_id = sqlite_text_at(statement, 9),
            .outcome = sqlite_text_at(statement, 10),
            .invoice_id = sqlite_text_at(statement, 11),
            .status = sqlite3_column_int(statement, 12),
            .fault = sqlite_text_at(statement, 13),
        };
        each(context, &entry);
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}
