/* Numbering a tenant's records: one more than the highest there is, so that none is used twice. */
#include "mock_server/store/sqlite_session.h"

#include <string.h>

static const struct {
    const char *sql;
    int64_t first;
} SERIES[SERIES_COUNT] = {
    [SERIES_INVOICE] = {"SELECT max(id) FROM invoices WHERE tenant = ?1", 1001},
    [SERIES_CUSTOMER] = {"SELECT max(id) FROM customers WHERE tenant = ?1", 1},
    [SERIES_PAYMENT] = {"SELECT max(id) FROM payments WHERE tenant = ?1", 1},
    [SERIES_AUDIT] = {"SELECT max(seq) FROM audit WHERE tenant = ?1", 1},
};

static struct last_number *place_of(struct store_session *session, enum series series,
                                    const char *tenant)
{
    unsigned hash = 0;
    for (const char *c = tenant; *c != '\0'; c++) {
        hash = hash * 31 + (unsigned char)*c;
    }
    return &session->last[series][hash % LAST_NUMBERS];
}

static enum store_status read_next(struct store_session *session, enum series series,
                                   const char *tenant, int64_t *number)
{
    enum statement which = (enum statement)(STATEMENT_LAST_INVOICE + (int)series);
    sqlite3_stmt *statement = sqlite_statement(session, which, SERIES[series].sql);
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        bool none = sqlite3_column_type(statement, 0) == SQLITE_NULL;
        *number = none ? SERIES[series].first : sqlite3_column_int64(statement, 0) + 1;
        sqlite_done(statement);
    }
    return status;
}

enum store_status sqlite_next_number(struct store_session *session, enum series series,
                                     const char *tenant, int64_t *number)
{
    const struct last_number *last = place_of(session, series, tenant);
    if (last->known && strcmp(last->tenant, tenant) == 0) {
        *number = last->number + 1;
        return STORE_OK;
    }
    return read_next(session, series, tenant, number);
}

void sqlite_took_number(struct store_session *session, enum series series, const char *tenant,
                        int64_t number)
{
    struct last_number *last = place_of(session, series, tenant);
    size_t length = strlen(tenant);
    last->known = length < sizeof last->tenant;
    if (last->known) {
        memcpy(last->tenant, tenant, length + 1);
        last->number = number;
    }
}

void sqlite_forget_numbers(struct store_session *session)
{
    for (int series = 0; series < SERIES_COUNT; series++) {
        for (int i = 0; i < LAST_NUMBERS; i++) {
            session->last[series][i].known = false;
        }
    }
}
