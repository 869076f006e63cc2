#include "mock_server/store/postgres/postgres_statements.h"

#define KEY_OF_Q  "k.tenant = q.tenant AND k.endpoint = q.endpoint AND k.key = q.key"
#define KEY_NAMES "k.tenant, k.endpoint, k.key"

/* $4 to $9 */
#define REPLY "status, problem, record_id, location, body, expires_at"
#define SET_REPLY                                                                                  \
    "status = q.status, problem = q.problem, record_id = q.record_id, location = q.location,"      \
    " body = q.body, expires_at = q.expires_at"

#define CLAIM_OF_Q                                                                                 \
    "c.tenant = q.tenant AND c.resource = q.resource AND c.rule = q.rule AND c.value = q.value"
#define CLAIM_NAMES "c.tenant, c.resource, c.rule, c.value"

#define DELIVERY_OF_Q "d.tenant = q.tenant AND d.seq = q.seq AND d.owner = q.owner"

#define RECORD_OF_Q  "r.tenant = q.tenant AND r.resource = q.resource AND r.id = q.id"
#define RECORD_NAMES "r.tenant, r.resource, r.id"
#define RECORD(json)                                                                               \
    "SELECT " RECORD_NAMES ", " json ", r.merged FROM unnest($1, $2, $3)"                          \
    " AS q (tenant, resource, id) JOIN records r ON " RECORD_OF_Q
#define SET_RECORD(column)                                                                         \
    "UPDATE records r SET " column " = q.value FROM unnest($1, $2, $3, $4)"                        \
    " AS q (tenant, resource, id, value) WHERE " RECORD_OF_Q " RETURNING " RECORD_NAMES

const struct statement_row STATEMENTS[STATEMENT_COUNT] = {
    [STATEMENT_RECORD_INSERT] =
        {"INSERT INTO records (tenant, resource, id, period, parent, created)"
         " SELECT * FROM unnest($1, $2, $3, $4, $5, $6)",
         "ttinit", 0},
    [STATEMENT_TEXT_REMOVE] =
        {"DELETE FROM texts t USING unnest($1, $2, $3, $4, $5) AS q (tenant, resource, which, text,"
         " record) WHERE t.tenant = q.tenant AND t.resource = q.resource AND t.which = q.which"
         " AND t.text = q.text AND t.record = q.record",
         "ttnti", 0},
    [STATEMENT_TEXT_ADD] = {"INSERT INTO texts (tenant, resource, which, text, record, sorted)"
                            " SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                            "ttntit", 0},
    [STATEMENT_STAND] = {"INSERT INTO standing (tenant, resource, rule, value, record)"
                         " SELECT * FROM unnest($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                         "tttti", 0},
    [STATEMENT_KEY_AMEND] = {"UPDATE idempotency_keys k SET " SET_REPLY
                             " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                             " AS q (tenant, endpoint, key, " REPLY ") WHERE " KEY_OF_Q,
                             "tttntttti", 0},
    [STATEMENT_AUDIT_APPEND] =
        {"INSERT INTO audit (tenant, seq, at, request_id, user_name, endpoint, key, resource,"
         " record_id, parent_id, unique_values, outcome, status, fault) SELECT * FROM"
         " unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
         "tiitttttttttnt", 0},
    [STATEMENT_DELIVERY_ADD] =
        {"INSERT INTO deliveries (tenant, seq, event_id, type, resource, record, data, at, since,"
         " next_at, attempts) SELECT *, 0 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
         "titttttiii", 0},
    [STATEMENT_DELIVERY_DONE] = {"DELETE FROM deliveries d USING unnest($1, $2, $3)"
                                 " AS q (tenant, seq, owner) WHERE " DELIVERY_OF_Q,
                                 "tib", 0},
    [STATEMENT_DELIVERY_PUT_OFF] =
        {"UPDATE deliveries d SET owner = NULL, attempts = q.attempts, next_at = q.next_at,"
         " trouble = q.trouble FROM unnest($1, $2, $3, $4, $5, $6)"
         " AS q (tenant, seq, owner, attempts, next_at, trouble) WHERE " DELIVERY_OF_Q,
         "tibnit", 0},
    [STATEMENT_KEY_CLAIM] =
        {"INSERT INTO idempotency_keys (tenant, endpoint, key, " REPLY ", fingerprint, request,"
         " owner, lease_until) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,"
         " $12, $13) ON CONFLICT (tenant, endpoint, key) DO NOTHING"
         " RETURNING tenant, endpoint, key",
         "tttnttttittbi", 3},
    [STATEMENT_KEY_FIND] = {"SELECT " KEY_NAMES
                            ", k.fingerprint, k.status, k.problem, k.record_id, k.lease_until,"
                            " k.expires_at, k.request, k.location, k.body FROM unnest($1, $2, $3)"
                            " AS q (tenant, endpoint, key) JOIN idempotency_keys k ON " KEY_OF_Q,
                            "ttt", 3},
    [STATEMENT_KEY_TAKE_OVER] =
        {"UPDATE idempotency_keys k SET owner = q.owner, lease_until = q.lease_until"
         " FROM unnest($1, $2, $3, $4, $5, $6) AS q (tenant, endpoint, key, owner, lease_until, "
         "now)"
         " WHERE " KEY_OF_Q " AND k.status IS NULL AND k.lease_until <= q.now"
         " RETURNING " KEY_NAMES,
         "tttbii", 3},
    [STATEMENT_KEY_COMPLETE] = {"UPDATE idempotency_keys k SET " SET_REPLY
                                ", owner = NULL, lease_until = NULL"
                                " FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                                " AS q (tenant, endpoint, key, " REPLY ", owner) WHERE " KEY_OF_Q
                                " AND k.status IS NULL AND k.owner = q.owner RETURNING " KEY_NAMES,
                                "tttnttttib", 3},
    [STATEMENT_CLAIM] = {"INSERT INTO claims (tenant, resource, rule, value, record)"
                         " SELECT * FROM unnest($1, $2, $3, $4, $5)"
                         " ON CONFLICT (tenant, resource, rule, value) DO NOTHING"
                         " RETURNING tenant, resource, rule, value",
                         "tttti", 4},
    [STATEMENT_HOLDER] =
        {"SELECT h.tenant, h.resource, h.rule, h.value, h.record, r.merged FROM"
         " (SELECT q.*, coalesce((SELECT c.record FROM claims c WHERE " CLAIM_OF_Q "),"
         " (SELECT min(c.record) FROM standing c WHERE " CLAIM_OF_Q ")) AS record"
         " FROM unnest($1, $2, $3, $4) AS q (tenant, resource, rule, value)) AS h LEFT JOIN"
         " records r ON r.tenant = h.tenant AND r.resource = h.resource AND r.id = h.record",
         "tttt", 4},
    [STATEMENT_UNCLAIM] = {"DELETE FROM claims c USING unnest($1, $2, $3, $4, $5)"
                           " AS q (tenant, resource, rule, value, record) WHERE " CLAIM_OF_Q
                           " AND c.record = q.record RETURNING " CLAIM_NAMES,
                           "tttti", 4},
    [STATEMENT_STAND_NO_MORE] = {"DELETE FROM standing c USING unnest($1, $2, $3, $4, $5)"
                                 " AS q (tenant, resource, rule, value, record) WHERE " CLAIM_OF_Q
                                 " AND c.record = q.record RETURNING " CLAIM_NAMES,
                                 "tttti", 4},
    [STATEMENT_RECORD_NOW] = {RECORD("coalesce(r.current, r.created)"), "tti", 3},
    [STATEMENT_RECORD_CREATED] = {RECORD("r.created"), "tti", 3},
    [STATEMENT_RECORD_MERGED] = {RECORD("NULL"), "tti", 3},
    [STATEMENT_RECORD_CHANGE] = {SET_RECORD("current"), "ttit", 3},
    [STATEMENT_RECORD_MOVE] = {SET_RECORD("parent"), "ttii", 3},
    [STATEMENT_RECORD_MERGE] = {SET_RECORD("merged"), "ttii", 3},
    [STATEMENT_EVENT_INSERT] =
        {"INSERT INTO events (tenant, source, event_id, type, fingerprint, record, created_at)"
         " SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)"
         " ON CONFLICT (tenant, source, event_id) DO NOTHING"
         " RETURNING tenant, source, event_id",
         "tttttii", 3},
    [STATEMENT_EVENT_FIND] = {"SELECT e.tenant, e.source, e.event_id, e.fingerprint, e.record"
                              " FROM unnest($1, $2, $3) AS q (tenant, source, event_id)"
                              " JOIN events e ON e.tenant = q.tenant AND e.source = q.source"
                              " AND e.event_id = q.event_id",
                              "ttt", 3},
    [STATEMENT_MARK_MAKE] = {"INSERT INTO delivery_marks (tenant, seq)"
                             " SELECT q.tenant, q.seq FROM unnest($1, $2) AS q (tenant, seq)"
                             " ON CONFLICT (tenant) DO NOTHING RETURNING tenant",
                             "ti", 1},
    [STATEMENT_MARK_MOVE] = {"UPDATE delivery_marks m SET seq = q.seq FROM unnest($1, $2, $3)"
                             " AS q (tenant, seq, before) WHERE m.tenant = q.tenant"
                             " AND m.seq = q.before RETURNING m.tenant",
                             "tii", 1},
};
