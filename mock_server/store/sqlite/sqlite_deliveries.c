#include "mock_server/store/sqlite/sqlite_session.h"

static void bind_delivery(sqlite3_stmt *statement, const char *tenant, int64_t seq)
{
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite3_bind_int64(statement, 2, seq);
}

/* --- marks --- */

enum store_status sqlite_behind_list(struct store_session *base, int limit, store_behind_each *each,
                                     void *context)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_BEHIND_LIST,
        "SELECT c.tenant, m.seq FROM collections c LEFT JOIN delivery_marks m"
        " ON m.tenant = c.tenant WHERE c.resource = '' AND EXISTS (SELECT 1 FROM audit a"
        " WHERE a.place > (c.number << 40) + coalesce(m.seq, 0) AND a.place < (c.number + 1) << 40)"
        " LIMIT ?1");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int(statement, 1, limit);
    enum store_status status = STORE_OK;
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        bool marked = sqlite3_column_type(statement, 1) != SQLITE_NULL;
        each(context, sqlite_text_at(statement, 0),
             marked ? sqlite3_column_int64(statement, 1) : STORE_NO_MARK);
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

enum store_status sqlite_mark_move(struct store_session *base, const char *tenant, int64_t from,
                                   int64_t to)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        from == STORE_NO_MARK
            ? sqlite_statement(session, STATEMENT_MARK_MAKE,
                               "INSERT INTO delivery_marks VALUES (?1, ?2) ON CONFLICT DO NOTHING")
            : sqlite_statement(session, STATEMENT_MARK_MOVE,
                               "UPDATE delivery_marks SET seq = ?2 WHERE tenant = ?1 AND seq = ?3");
    if (!statement) {
        return STORE_FAILED;
    }
    bind_delivery(statement, tenant, to);
    if (from != STORE_NO_MARK) {
        sqlite3_bind_int64(statement, 3, from);
    }
    return sqlite_change(session, statement, STORE_ABSENT);
}

/* --- deliveries --- */

enum store_status sqlite_delivery_add(struct store_session *base,
                                      const struct store_delivery *delivery)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_DELIVERY_ADD,
        "INSERT INTO deliveries (tenant, seq, event_id, type, resource, record, data, at, since,"
        " attempts, next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?10)");
    if (!statement) {
        return STORE_FAILED;
    }
    bind_delivery(statement, delivery->tenant, delivery->seq);
    sqlite_bind_text_at(statement, 3, delivery->event_id);
    sqlite_bind_text_at(statement, 4, delivery->type);
    sqlite_bind_text_at(statement, 5, delivery->resource);
    sqlite_bind_text_at(statement, 6, delivery->record_id);
    sqlite_bind_text_at(statement, 7, delivery->data);
    sqlite3_bind_int64(statement, 8, delivery->at);
    sqlite3_bind_int64(statement, 9, delivery->since);
    sqlite3_bind_int64(statement, 10, delivery->next_at);
    return sqlite_run(session, statement);
}

enum store_status sqlite_deliveries_next(struct store_session *base, int64_t *next_at)
{
    struct sqlite_session *session = sqlite_session_of(base);
    *next_at = 0;
    return sqlite_number(
        session,
        sqlite_statement(session, STATEMENT_DELIVERIES_NEXT,
                         "SELECT min(next_at) FROM deliveries WHERE next_at IS NOT NULL"),
        next_at);
}

#define COLUMNS                                                                                    \
    "tenant, seq, event_id, type, resource, record, data, at, since, attempts, next_at,"           \
    " owner IS NOT NULL, trouble"

static enum store_status give_each(struct sqlite_session *session, sqlite3_stmt *statement,
                                   store_delivery_each *each, void *context)
{
    enum store_status status = STORE_OK;
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        const struct store_delivery delivery = {
            .tenant = sqlite_text_at(statement, 0),
            .seq = sqlite3_column_int64(statement, 1),
            .event_id = sqlite_text_at(statement, 2),
            .type = sqlite_text_at(statement, 3),
            .resource = sqlite_text_at(statement, 4),
            .record_id = sqlite_text_at(statement, 5),
            .data = sqlite_text_at(statement, 6),
            .at = sqlite3_column_int64(statement, 7),
            .since = sqlite3_column_int64(statement, 8),
            .attempts = sqlite3_column_int64(statement, 9),
            .next_at = sqlite3_column_int64(statement, 10),
            .is_leased = sqlite3_column_int(statement, 11),
            .trouble = sqlite_text_at(statement, 12),
        };
        each(context, &delivery);
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

enum store_status sqlite_deliveries_lease(struct store_session *base,
                                          const struct store_lease *lease, int limit,
                                          store_delivery_each *each, void *context)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_DELIVERIES_LEASE,
        "UPDATE deliveries SET owner = ?1, next_at = ?2 WHERE (tenant, seq) IN"
        " (SELECT tenant, seq FROM deliveries d WHERE next_at <= ?3 AND NOT EXISTS"
        " (SELECT 1 FROM deliveries b WHERE b.tenant = d.tenant AND b.resource = d.resource"
        " AND b.record = d.record AND b.seq < d.seq) ORDER BY next_at LIMIT ?4) "
        "RETURNING " COLUMNS);
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_blob(statement, 1, lease->owner, STORE_OWNER_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, lease->until);
    sqlite3_bind_int64(statement, 3, lease->now);
    sqlite3_bind_int(statement, 4, limit);
    return give_each(session, statement, each, context);
}

enum store_status sqlite_delivery_done(struct store_session *base,
                                       const struct store_delivery *delivery,
                                       const unsigned char owner[STORE_OWNER_SIZE])
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_DELIVERY_DONE,
                         "DELETE FROM deliveries WHERE tenant = ?1 AND seq = ?2 AND owner = ?3");
    if (!statement) {
        return STORE_FAILED;
    }
    bind_delivery(statement, delivery->tenant, delivery->seq);
    sqlite3_bind_blob(statement, 3, owner, STORE_OWNER_SIZE, SQLITE_STATIC);
    return sqlite_run(session, statement);
}

enum store_status sqlite_delivery_put_off(struct store_session *base,
                                          const struct store_delivery *delivery,
                                          const unsigned char owner[STORE_OWNER_SIZE])
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_DELIVERY_PUT_OFF,
        "UPDATE deliveries SET owner = NULL, attempts = ?4, next_at = ?5, trouble = ?6"
        " WHERE tenant = ?1 AND seq = ?2 AND owner = ?3");
    if (!statement) {
        return STORE_FAILED;
    }
    bind_delivery(statement, delivery->tenant, delivery->seq);
    sqlite3_bind_blob(statement, 3, owner, STORE_OWNER_SIZE, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, delivery->attempts);
    sqlite_bind_id(statement, 5, delivery->next_at);
    sqlite_bind_text_at(statement, 6, delivery->trouble);
    return sqlite_run(session, statement);
}

enum store_status sqlite_deliveries_park(struct store_session *base, int64_t now, int64_t since,
                                         const char *trouble, int64_t *count)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_DELIVERIES_PARK,
                         "UPDATE deliveries SET owner = NULL, next_at = NULL, trouble = ?3"
                         " WHERE next_at <= ?1 AND since <= ?2");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, now);
    sqlite3_bind_int64(statement, 2, since);
    sqlite_bind_text_at(statement, 3, trouble);
    enum store_status status = sqlite_run(session, statement);
    *count = status == STORE_OK ? sqlite3_changes64(session->db) : 0;
    return status;
}

/* --- for people --- */

enum store_status sqlite_delivery_list(struct store_session *base,
                                       const struct store_delivery_filter *filter,
                                       store_delivery_each *each, void *context)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_DELIVERY_LIST,
                         "SELECT " COLUMNS " FROM deliveries WHERE tenant = ?1 AND seq > ?2"
                         " AND (?3 IS NULL OR event_id = ?3) AND (NOT ?4 OR next_at IS NULL)"
                         " ORDER BY seq LIMIT ?5");
    if (!statement) {
        return STORE_FAILED;
    }
    bind_delivery(statement, filter->tenant, filter->after);
    sqlite_bind_text_at(statement, 3, filter->event_id);
    sqlite3_bind_int(statement, 4, filter->only_parked);
    sqlite3_bind_int(statement, 5, filter->limit);
    return give_each(session, statement, each, context);
}

#define NOT_LEASED " WHERE tenant = ?1 AND seq = ?2 AND (owner IS NULL OR next_at <= ?3)"

static enum store_status change_one(struct sqlite_session *session, sqlite3_stmt *statement,
                                    const char *tenant, int64_t seq, int64_t now)
{
    if (!statement) {
        return STORE_FAILED;
    }
    bind_delivery(statement, tenant, seq);
    sqlite3_bind_int64(statement, 3, now);
    return sqlite_change(session, statement, STORE_ABSENT);
}

enum store_status sqlite_delivery_retry(struct store_session *base, const char *tenant, int64_t seq,
                                        int64_t now)
{
    struct sqlite_session *session = sqlite_session_of(base);
    return change_one(session,
                      sqlite_statement(session, STATEMENT_DELIVERY_RETRY,
                                       "UPDATE deliveries SET owner = NULL, next_at = ?3,"
                                       " since = ?3" NOT_LEASED),
                      tenant, seq, now);
}

enum store_status sqlite_delivery_discard(struct store_session *base, const char *tenant,
                                          int64_t seq, int64_t now)
{
    struct sqlite_session *session = sqlite_session_of(base);
    return change_one(
        session,
        sqlite_statement(session, STATEMENT_DELIVERY_DISCARD, "DELETE FROM deliveries" NOT_LEASED),
        tenant, seq, now);
}

enum store_status sqlite_deliveries_count(struct store_session *base,
                                          struct store_delivery_counts *counts)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_DELIVERIES_COUNT,
                         "SELECT count(next_at), count(*) - count(next_at),"
                         " min(at) FILTER (WHERE next_at IS NOT NULL) FROM deliveries");
    enum store_status status = statement ? sqlite_row(session, statement) : STORE_FAILED;
    if (status == STORE_OK) {
        *counts = (struct store_delivery_counts){sqlite3_column_int64(statement, 0),
                                                 sqlite3_column_int64(statement, 1),
                                                 sqlite3_column_int64(statement, 2)};
        sqlite_done(statement);
    }
    return status;
}
