#include "mock_server/store/sqlite/sqlite_session.h"

#include <stdlib.h>

enum store_status store_payment_next_id(struct store_session *session, const char *tenant,
                                        int64_t *id)
{
    return sqlite_next_number(session, SERIES_PAYMENT, tenant, id);
}

enum store_status store_event_insert(struct store_session *session, const struct store_event *event)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_EVENT_INSERT,
        "INSERT INTO provider_events (tenant, provider, event_id, type, fingerprint, payment_id,"
        " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        " ON CONFLICT (tenant, provider, event_id) DO NOTHING");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, event->tenant);
    sqlite_bind_text_at(statement, 2, event->provider);
    sqlite_bind_text_at(statement, 3, event->event_id);
    sqlite_bind_text_at(statement, 4, event->type);
    sqlite_bind_text_at(statement, 5, event->fingerprint);
    sqlite_bind_id(statement, 6, event->payment_id);
    sqlite3_bind_int64(statement, 7, event->created_at);
    int changes = 0;
    enum store_status status = sqlite_run(session, statement, &changes);
    return status == STORE_OK && changes == 0 ? STORE_TAKEN : status;
}

enum store_status store_payment_insert(struct store_session *session,
                                       const struct store_payment *payment)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_PAYMENT_INSERT,
        "INSERT INTO payments (tenant, id, provider, event_id, invoice_id, amount, currency,"
        " paid_at, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, payment->tenant);
    sqlite3_bind_int64(statement, 2, payment->id);
    sqlite_bind_text_at(statement, 3, payment->provider);
    sqlite_bind_text_at(statement, 4, payment->event_id);
    sqlite3_bind_int64(statement, 5, payment->invoice_id);
    sqlite_bind_text_at(statement, 6, payment->amount);
    sqlite_bind_text_at(statement, 7, payment->currency);
    sqlite_bind_text_at(statement, 8, payment->paid_at);
    sqlite3_bind_int64(statement, 9, payment->created_at);
    enum store_status status = sqlite_run(session, statement, NULL);
    if (status == STORE_OK) {
        sqlite_took_number(session, SERIES_PAYMENT, payment->tenant, payment->id);
    }
    return status;
}

enum store_status store_event_find(struct store_session *session, const char *tenant,
                                   const char *provider, const char *event_id, char **fingerprint,
                                   int64_t *payment_id)
{
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_EVENT_FIND,
                         "SELECT fingerprint, payment_id FROM provider_events"
                         " WHERE tenant = ?1 AND provider = ?2 AND event_id = ?3");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite_bind_text_at(statement, 2, provider);
    sqlite_bind_text_at(statement, 3, event_id);
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        bool failed = false;
        *fingerprint = sqlite_copy_at(statement, 0, &failed);
        *payment_id = sqlite3_column_int64(statement, 1);
        sqlite_done(statement);
        return failed ? STORE_FAILED : STORE_OK;
    }
    return status;
}

enum store_status store_payment_by_id(struct store_session *session, const char *tenant, int64_t id,
                                      store_payment_each *each, void *context)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_PAYMENT_BY_ID,
        "SELECT provider, event_id, invoice_id, amount, currency, paid_at, created_at"
        " FROM payments WHERE tenant = ?1 AND id = ?2");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite3_bind_int64(statement, 2, id);
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        struct store_payment payment = {
            .tenant = tenant,
            .id = id,
            .provider = sqlite_text_at(statement, 0),
            .event_id = sqlite_text_at(statement, 1),
            .invoice_id = sqlite3_column_int64(statement, 2),
            .amount = sqlite_text_at(statement, 3),
            .currency = sqlite_text_at(statement, 4),
            .paid_at = sqlite_text_at(statement, 5),
            .created_at = sqlite3_column_int64(statement, 6),
        };
        each(context, &payment);
        sqlite_done(statement);
    }
    return status;
}
