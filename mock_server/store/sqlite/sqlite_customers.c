#include "mock_server/store/sqlite/sqlite_session.h"

#define COLUMNS "id, email, email_key, name, name_key, phone, created_at, created_by"

enum store_status store_customer_next_id(struct store_session *session, const char *tenant,
                                         int64_t *id)
{
    return sqlite_next_number(session, SERIES_CUSTOMER, tenant, id);
}

enum store_status store_customer_insert(struct store_session *session,
                                        const struct store_customer *customer)
{
    sqlite3_stmt *statement = sqlite_statement(session, STATEMENT_CUSTOMER_INSERT,
                                               "INSERT INTO customers (tenant, " COLUMNS
                                               ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
                                               " ON CONFLICT (tenant, email_key) DO NOTHING");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, customer->tenant);
    sqlite3_bind_int64(statement, 2, customer->id);
    sqlite_bind_text_at(statement, 3, customer->email);
    sqlite_bind_text_at(statement, 4, customer->email_key);
    sqlite_bind_text_at(statement, 5, customer->name);
    sqlite_bind_text_at(statement, 6, customer->name_key);
    sqlite_bind_text_at(statement, 7, customer->phone);
    sqlite3_bind_int64(statement, 8, customer->created_at);
    sqlite_bind_text_at(statement, 9, customer->created_by);
    int changes = 0;
    enum store_status status = sqlite_run(session, statement, &changes);
    if (status == STORE_OK && changes > 0) {
        sqlite_took_number(session, SERIES_CUSTOMER, customer->tenant, customer->id);
    }
    return status == STORE_OK && changes == 0 ? STORE_TAKEN : status;
}

enum store_status store_customer_id_by_email(struct store_session *session, const char *tenant,
                                             const char *email_key, int64_t *id)
{
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_CUSTOMER_BY_EMAIL,
                         "SELECT id FROM customers WHERE tenant = ?1 AND email_key = ?2");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite_bind_text_at(statement, 2, email_key);
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        *id = sqlite3_column_int64(statement, 0);
        sqlite_done(statement);
    }
    return status;
}

enum store_status store_customer_update(struct store_session *session,
                                        const struct store_customer *customer)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_CUSTOMER_UPDATE,
        "UPDATE customers SET name = coalesce(?3, name), name_key = coalesce(?4, name_key),"
        " phone = coalesce(?5, phone) WHERE tenant = ?1 AND id = ?2");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, customer->tenant);
    sqlite3_bind_int64(statement, 2, customer->id);
    sqlite_bind_text_at(statement, 3, customer->name);
    sqlite_bind_text_at(statement, 4, customer->name_key);
    sqlite_bind_text_at(statement, 5, customer->phone);
    return sqlite_run(session, statement, NULL);
}

static enum store_status each_row(struct store_session *session, sqlite3_stmt *statement,
                                  const char *tenant, store_customer_each *each, void *context,
                                  int *count)
{
    enum store_status status = STORE_OK;
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        struct store_customer customer = {
            .tenant = tenant,
            .id = sqlite3_column_int64(statement, 0),
            .email = sqlite_text_at(statement, 1),
            .email_key = sqlite_text_at(statement, 2),
            .name = sqlite_text_at(statement, 3),
            .name_key = sqlite_text_at(statement, 4),
            .phone = sqlite_text_at(statement, 5),
            .created_at = sqlite3_column_int64(statement, 6),
            .created_by = sqlite_text_at(statement, 7),
        };
        each(context, &customer);
        ++*count;
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

enum store_status store_customer_by_id(struct store_session *session, const char *tenant,
                                       int64_t id, store_customer_each *each, void *context)
{
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_CUSTOMER_BY_ID,
                         "SELECT " COLUMNS " FROM customers WHERE tenant = ?1 AND id = ?2");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite3_bind_int64(statement, 2, id);
    int count = 0;
    enum store_status status = each_row(session, statement, tenant, each, context, &count);
    return status == STORE_OK && count == 0 ? STORE_ABSENT : status;
}

/* Both halves are ranges of an index. U+10FFFF sorts after whatever can follow a prefix. */
enum store_status store_customer_list(struct store_session *session, const char *tenant,
                                      const char *prefix, int limit, store_customer_each *each,
                                      void *context)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_CUSTOMER_LIST,
        "SELECT " COLUMNS " FROM (SELECT * FROM (SELECT " COLUMNS " FROM customers"
        " WHERE tenant = ?1 AND email_key >= ?2 AND email_key < ?2 || char(0x10ffff)"
        " ORDER BY email_key LIMIT ?3)"
        " UNION SELECT * FROM (SELECT " COLUMNS " FROM customers"
        " WHERE tenant = ?1 AND name_key >= ?2 AND name_key < ?2 || char(0x10ffff)"
        " ORDER BY name_key LIMIT ?3)) ORDER BY email_key LIMIT ?3");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite_bind_text_at(statement, 2, prefix);
    sqlite3_bind_int(statement, 3, limit);
    int count = 0;
    return each_row(session, statement, tenant, each, context, &count);
}
