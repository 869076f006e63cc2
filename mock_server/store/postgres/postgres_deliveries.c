#include "mock_server/store/postgres/postgres_session.h"

#include <stdio.h>
#include <stdlib.h>

static enum store_status told(bool ok)
{
    return ok ? STORE_OK : STORE_FAILED;
}

/* --- marks --- */

/* Who writes for a tenant holds its row until the commit: its audit has no gap up to the last one
 * that can be seen. */
enum store_status postgres_behind_list(struct store_session *base, int limit,
                                       store_behind_each *each, void *context)
{
    const struct value values[] = {value_number(limit)};
    PGresult *rows =
        postgres_select(postgres_session_of(base),
                        "SELECT t.tenant, m.seq FROM tenants t LEFT JOIN delivery_marks m"
                        " ON m.tenant = t.tenant WHERE (t.counters::json ->> '')::bigint"
                        " > coalesce(m.seq, 0) LIMIT $1::bigint",
                        "i", values);
    for (int i = 0; rows && i < PQntuples(rows); i++) {
        const struct answer row = {rows, i};
        each(context, answer_text(&row, 0),
             answer_text(&row, 1) ? answer_number(&row, 1) : STORE_NO_MARK);
    }
    enum store_status status = told(rows);
    PQclear(rows);
    return status;
}

enum store_status postgres_mark_move(struct store_session *base, const char *tenant, int64_t from,
                                     int64_t to)
{
    const struct value values[] = {value_text(tenant), value_number(to), value_number(from)};
    return postgres_change(postgres_session_of(base),
                           from == STORE_NO_MARK ? STATEMENT_MARK_MAKE : STATEMENT_MARK_MOVE,
                           values, STORE_ABSENT);
}

/* --- deliveries --- */

enum store_status postgres_delivery_add(struct store_session *base,
                                        const struct store_delivery *delivery)
{
    const struct value values[] = {
        value_text(delivery->tenant),   value_number(delivery->seq),
        value_text(delivery->event_id), value_text(delivery->type),
        value_text(delivery->resource), value_text(delivery->record_id),
        value_text(delivery->data),     value_number(delivery->at),
        value_number(delivery->since),  value_number(delivery->next_at),
    };
    return told(postgres_tell(postgres_session_of(base), STATEMENT_DELIVERY_ADD, values));
}

enum store_status postgres_deliveries_next(struct store_session *base, int64_t *next_at)
{
    PGresult *rows =
        postgres_select(postgres_session_of(base),
                        "SELECT min(next_at) FROM deliveries WHERE next_at IS NOT NULL", "", NULL);
    *next_at = rows ? answer_number(&(struct answer){rows, 0}, 0) : 0;
    enum store_status status = told(rows);
    PQclear(rows);
    return status;
}

#define COLUMNS                                                                                    \
    "d.tenant, d.seq, d.event_id, d.type, d.resource, d.record, d.data, d.at, d.since,"            \
    " d.attempts, d.next_at, d.owner IS NOT NULL, d.trouble"

static enum store_status give_each(PGresult *rows, store_delivery_each *each, void *context)
{
    for (int i = 0; rows && i < PQntuples(rows); i++) {
        const struct answer row = {rows, i};
        const struct store_delivery delivery = {
            .tenant = answer_text(&row, 0),
            .seq = answer_number(&row, 1),
            .event_id = answer_text(&row, 2),
            .type = answer_text(&row, 3),
            .resource = answer_text(&row, 4),
            .record_id = answer_text(&row, 5),
            .data = answer_text(&row, 6),
            .at = answer_number(&row, 7),
            .since = answer_number(&row, 8),
            .attempts = answer_number(&row, 9),
            .next_at = answer_number(&row, 10),
            .is_leased = strcmp(answer_text(&row, 11), "t") == 0,
            .trouble = answer_text(&row, 12),
        };
        each(context, &delivery);
    }
    enum store_status status = told(rows);
    PQclear(rows);
    return status;
}

/* Bytes are no text. */
static void write_hex(const unsigned char owner[STORE_OWNER_SIZE],
                      char hex[2 * STORE_OWNER_SIZE + 1])
{
    for (int i = 0; i < STORE_OWNER_SIZE; i++) {
        snprintf(hex + 2 * i, 3, "%02x", owner[i]);
    }
}

/* Those that another process is at are left to it. */
enum store_status postgres_deliveries_lease(struct store_session *base,
                                            const struct store_lease *lease, int limit,
                                            store_delivery_each *each, void *context)
{
    char owner[2 * STORE_OWNER_SIZE + 1];
    write_hex(lease->owner, owner);
    const struct value values[] = {value_text(owner), value_number(lease->until),
                                   value_number(lease->now), value_number(limit)};
    return give_each(
        postgres_select(
            postgres_session_of(base),
            "WITH due AS (SELECT w.tenant, w.seq FROM deliveries w WHERE w.next_at <= $3::bigint"
            " AND NOT EXISTS (SELECT 1 FROM deliveries b WHERE b.tenant = w.tenant"
            " AND b.resource = w.resource AND b.record = w.record AND b.seq < w.seq)"
            " ORDER BY w.next_at LIMIT $4::bigint FOR UPDATE OF w SKIP LOCKED)"
            " UPDATE deliveries d SET owner = decode($1, 'hex'), next_at = $2::bigint FROM due"
            " WHERE d.tenant = due.tenant AND d.seq = due.seq RETURNING " COLUMNS,
            "tiii", values),
        each, context);
}

enum store_status postgres_delivery_done(struct store_session *base,
                                         const struct store_delivery *delivery,
                                         const unsigned char owner[STORE_OWNER_SIZE])
{
    const struct value values[] = {value_text(delivery->tenant), value_number(delivery->seq),
                                   value_bytes(owner, STORE_OWNER_SIZE)};
    return told(postgres_tell(postgres_session_of(base), STATEMENT_DELIVERY_DONE, values));
}

enum store_status postgres_delivery_put_off(struct store_session *base,
                                            const struct store_delivery *delivery,
                                            const unsigned char owner[STORE_OWNER_SIZE])
{
    const struct value values[] = {
        value_text(delivery->tenant),         value_number(delivery->seq),
        value_bytes(owner, STORE_OWNER_SIZE), value_number(delivery->attempts),
        value_id(delivery->next_at),          value_text(delivery->trouble)};
    return told(postgres_tell(postgres_session_of(base), STATEMENT_DELIVERY_PUT_OFF, values));
}

static enum store_status count_changed(PGresult *done, int64_t *count)
{
    *count = done ? strtoll(PQcmdTuples(done), NULL, 10) : 0;
    enum store_status status = told(done);
    PQclear(done);
    return status;
}

enum store_status postgres_deliveries_park(struct store_session *base, int64_t now, int64_t since,
                                           const char *trouble, int64_t *count)
{
    const struct value values[] = {value_number(now), value_number(since), value_text(trouble)};
    return count_changed(
        postgres_select(postgres_session_of(base),
                        "WITH due AS (SELECT w.tenant, w.seq FROM deliveries w WHERE"
                        " w.next_at <= $1::bigint AND w.since <= $2::bigint FOR UPDATE SKIP LOCKED)"
                        " UPDATE deliveries d SET owner = NULL, next_at = NULL, trouble = $3"
                        " FROM due WHERE d.tenant = due.tenant AND d.seq = due.seq",
                        "iit", values),
        count);
}

/* --- for people --- */

enum store_status postgres_delivery_list(struct store_session *base,
                                         const struct store_delivery_filter *filter,
                                         store_delivery_each *each, void *context)
{
    const struct value values[] = {value_text(filter->tenant), value_number(filter->after),
                                   value_text(filter->event_id), value_number(filter->only_parked),
                                   value_number(filter->limit)};
    return give_each(postgres_select(postgres_session_of(base),
                                     "SELECT " COLUMNS " FROM deliveries d WHERE d.tenant = $1"
                                     " AND d.seq > $2::bigint AND ($3 IS NULL OR d.event_id = $3)"
                                     " AND ($4::integer = 0 OR d.next_at IS NULL)"
                                     " ORDER BY d.seq LIMIT $5::bigint",
                                     "titni", values),
                     each, context);
}

#define NOT_LEASED                                                                                 \
    " WHERE tenant = $1 AND seq = $2::bigint AND (owner IS NULL OR next_at <= $3::bigint)"

static enum store_status change_one(struct store_session *base, const char *sql, const char *tenant,
                                    int64_t seq, int64_t now)
{
    const struct value values[] = {value_text(tenant), value_number(seq), value_number(now)};
    int64_t count = 0;
    enum store_status status =
        count_changed(postgres_select(postgres_session_of(base), sql, "tii", values), &count);
    return status == STORE_OK && count == 0 ? STORE_ABSENT : status;
}

enum store_status postgres_delivery_retry(struct store_session *base, const char *tenant,
                                          int64_t seq, int64_t now)
{
    return change_one(base,
                      "UPDATE deliveries SET owner = NULL, next_at = $3::bigint,"
                      " since = $3::bigint" NOT_LEASED,
                      tenant, seq, now);
}

enum store_status postgres_delivery_discard(struct store_session *base, const char *tenant,
                                            int64_t seq, int64_t now)
{
    return change_one(base, "DELETE FROM deliveries" NOT_LEASED, tenant, seq, now);
}

enum store_status postgres_deliveries_count(struct store_session *base,
                                            struct store_delivery_counts *counts)
{
    PGresult *rows = postgres_select(postgres_session_of(base),
                                     "SELECT count(next_at), count(*) - count(next_at),"
                                     " min(at) FILTER (WHERE next_at IS NOT NULL) FROM deliveries",
                                     "", NULL);
    const struct answer row = {rows, 0};
    if (rows) {
        *counts = (struct store_delivery_counts){answer_number(&row, 0), answer_number(&row, 1),
                                                 answer_number(&row, 2)};
    }
    enum store_status status = told(rows);
    PQclear(rows);
    return status;
}
