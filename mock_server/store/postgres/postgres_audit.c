#include "mock_server/store/postgres/postgres_session.h"

enum store_status postgres_audit_append(struct store_session *base, struct store_audit_entry *entry)
{
    struct postgres_session *session = postgres_session_of(base);
    int64_t seq = 0;
    if (postgres_next(session, entry->tenant, "", 1, &seq) != STORE_OK) {
        return STORE_FAILED;
    }
    const char *unique = store_values_write(entry->unique, &session->scratch);
    if (session->scratch.failed) {
        buffer_clear(&session->scratch);
        return STORE_FAILED;
    }
    const struct value values[] = {
        value_text(entry->tenant),     value_number(seq),           value_number(entry->at),
        value_text(entry->request_id), value_text(entry->user),     value_text(entry->endpoint),
        value_text(entry->key),        value_text(entry->resource), value_text(entry->record_id),
        value_text(entry->parent_id),  value_text(unique),          value_text(entry->outcome),
        value_number(entry->status),   value_text(entry->fault),
    };
    if (!postgres_tell(session, STATEMENT_AUDIT_APPEND, values)) {
        return STORE_FAILED;
    }
    entry->seq = seq;
    return STORE_OK;
}

static void give(const struct answer *row, const char *tenant, store_audit_each *each,
                 void *context)
{
    struct store_audit_entry entry = {
        .tenant = tenant,
        .seq = answer_number(row, 0),
        .at = answer_number(row, 1),
        .request_id = answer_text(row, 2),
        .user = answer_text(row, 3),
        .endpoint = answer_text(row, 4),
        .key = answer_text(row, 5),
        .resource = answer_text(row, 6),
        .record_id = answer_text(row, 7),
        .parent_id = answer_text(row, 8),
        .outcome = answer_text(row, 10),
        .status = (int)answer_number(row, 11),
        .fault = answer_text(row, 12),
    };
    struct json *unique = store_values_read(answer_text(row, 9), entry.unique);
    each(context, &entry);
    json_free(unique);
}

/* Who writes for a tenant holds its row until the commit: an entry that can be seen has none before
 * it that is still to come. */
enum store_status postgres_audit_list(struct store_session *base, const char *tenant, int64_t after,
                                      int limit, store_audit_each *each, void *context)
{
    const struct value values[] = {value_text(tenant), value_number(after), value_number(limit)};
    PGresult *rows = postgres_select(
        postgres_session_of(base),
        "SELECT seq, at, request_id, user_name, endpoint, key, resource, record_id, parent_id,"
        " unique_values, outcome, status, fault FROM audit"
        " WHERE tenant = $1 AND seq > $2::bigint ORDER BY seq LIMIT $3::bigint",
        "tii", values);
    for (int i = 0; rows && i < PQntuples(rows); i++) {
        give(&(struct answer){rows, i}, tenant, each, context);
    }
    enum store_status status = rows ? STORE_OK : STORE_FAILED;
    PQclear(rows);
    return status;
}
