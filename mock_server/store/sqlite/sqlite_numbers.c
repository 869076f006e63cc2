/* Numbering a tenant's records, each one more than the highest there is, so that none is used
 * twice; and placing them: see schema/0004_places.sql. */
#include "mock_server/store/sqlite/sqlite_session.h"

#include <string.h>

#define FIRST_PLACE "(SELECT number FROM tenants WHERE name = ?1) << 40"
#define LAST_PLACE  "(" FIRST_PLACE " | 0xffffffffff)"
#define LAST_OF(table)                                                                             \
    "SELECT max(place) & 0xffffffffff FROM " table " WHERE place BETWEEN (" FIRST_PLACE            \
    ") AND " LAST_PLACE

static const struct {
    const char *sql;
    int64_t first;
} SERIES[SERIES_COUNT] = {
    [SERIES_INVOICE] = {LAST_OF("invoices"), 1001},
    [SERIES_CUSTOMER] = {"SELECT max(id) FROM customers WHERE tenant = ?1", 1},
    [SERIES_PAYMENT] = {"SELECT max(id) FROM payments WHERE tenant = ?1", 1},
    [SERIES_AUDIT] = {LAST_OF("audit"), 1},
};

struct tenant_numbers *sqlite_numbers_of(struct store_session *session, const char *tenant)
{
    unsigned hash = 0;
    size_t length = 0;
    for (; tenant[length] != '\0'; length++) {
        hash = hash * 31 + (unsigned char)tenant[length];
    }
    struct tenant_numbers *numbers = &session->tenants[hash % TENANTS_REMEMBERED];
    if (length >= sizeof numbers->tenant) {
        return NULL;
    }
    if (strcmp(numbers->tenant, tenant) != 0) {
        *numbers = (struct tenant_numbers){0};
        memcpy(numbers->tenant, tenant, length + 1);
    }
    return numbers;
}

static enum store_status read_number(struct store_session *session, sqlite3_stmt *statement,
                                     const char *tenant, int64_t *number)
{
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    enum store_status status = sqlite_row(session, statement);
    if (status == STORE_OK) {
        *number = sqlite3_column_int64(statement, 0); /* NULL is 0 */
        sqlite_done(statement);
    }
    return status;
}

enum store_status sqlite_next_number(struct store_session *session, enum series series,
                                     const char *tenant, int64_t *number)
{
    const struct tenant_numbers *numbers = sqlite_numbers_of(session, tenant);
    int64_t last = numbers ? numbers->last[series] : 0;
    if (last == 0) {
        enum statement which = (enum statement)(STATEMENT_LAST_INVOICE + (int)series);
        sqlite3_stmt *statement = sqlite_statement(session, which, SERIES[series].sql);
        enum store_status status = read_number(session, statement, tenant, &last);
        if (status != STORE_OK) {
            return status;
        }
    }
    *number = last == 0 ? SERIES[series].first : last + 1;
    return *number < ID_END ? STORE_OK : STORE_FAILED;
}

void sqlite_took_number(struct store_session *session, enum series series, const char *tenant,
                        int64_t number)
{
    struct tenant_numbers *numbers = sqlite_numbers_of(session, tenant);
    if (numbers) {
        numbers->last[series] = number;
    }
}

enum store_status sqlite_find_tenant(struct store_session *session, const char *tenant,
                                     int64_t *first)
{
    struct tenant_numbers *numbers = sqlite_numbers_of(session, tenant);
    if (numbers && numbers->first_place != 0) {
        *first = numbers->first_place;
        return STORE_OK;
    }
    enum store_status status =
        read_number(session,
                    sqlite_statement(session, STATEMENT_TENANT_FIND,
                                     "SELECT number << 40 FROM tenants WHERE name = ?1"),
                    tenant, first);
    if (status == STORE_OK && numbers) {
        numbers->first_place = *first;
    }
    return status;
}

enum store_status sqlite_place_tenant(struct store_session *session, const char *tenant,
                                      int64_t *first)
{
    enum store_status status = sqlite_find_tenant(session, tenant, first);
    if (status != STORE_ABSENT) {
        return status;
    }
    sqlite3_stmt *statement = sqlite_statement(session, STATEMENT_TENANT_INSERT,
                                               "INSERT INTO tenants (name) VALUES (?1)");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    status = sqlite_run(session, statement, NULL);
    return status == STORE_OK ? sqlite_find_tenant(session, tenant, first) : STORE_FAILED;
}

void sqlite_forget_numbers(struct store_session *session)
{
    memset(session->tenants, 0, sizeof session->tenants);
}
