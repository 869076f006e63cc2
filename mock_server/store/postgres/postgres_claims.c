/* Claims, whose primary key is the unique constraint, and what stands in their way. */
#include "mock_server/store/postgres/postgres_session.h"

#define NAMES 4
#define CLAIM_OF(collection, claim)                                                                \
    value_text((collection)->tenant), value_text((collection)->resource),                          \
        value_text((claim)->rule), value_text((claim)->value)

/* Who has it already has it for all to see. */
static enum store_status find_holder(struct postgres_session *session, const struct value *values,
                                     int64_t *id, int64_t *merged_into)
{
    struct answer answer;
    if (!postgres_ask(session, STATEMENT_HOLDER, values, &answer) || answer.row < 0) {
        return STORE_FAILED;
    }
    *id = answer_number(&answer, NAMES);
    if (merged_into) {
        *merged_into = answer_number(&answer, NAMES + 1);
    }
    if (*id) {
        postgres_share(session, STATEMENT_CLAIM, values, NAMES);
    }
    return *id ? STORE_OK : STORE_ABSENT;
}

enum store_status postgres_stand(struct store_session *base,
                                 const struct store_collection *collection,
                                 const struct store_claim *claim, int64_t id)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {CLAIM_OF(collection, claim), value_number(id)};
    return postgres_hold(session, STATEMENT_CLAIM, values, NAMES) &&
                   postgres_tell(session, STATEMENT_STAND, values)
               ? STORE_OK
               : STORE_FAILED;
}

enum store_status postgres_claim(struct store_session *base,
                                 const struct store_collection *collection,
                                 const struct store_claim *claim, int64_t id, int64_t *holder)
{
    struct postgres_session *session = postgres_session_of(base);
    if ((session->store->without & STORE_NO_UNIQUE) && !claim->firm) {
        return postgres_stand(base, collection, claim, id);
    }
    const struct value values[] = {CLAIM_OF(collection, claim), value_number(id)};
    if (!postgres_hold(session, STATEMENT_CLAIM, values, NAMES)) {
        return STORE_FAILED;
    }
    enum store_status status = postgres_change(session, STATEMENT_CLAIM, values, STORE_TAKEN);
    if (status != STORE_TAKEN) {
        return status;
    }
    return find_holder(session, values, holder, NULL) == STORE_OK ? STORE_TAKEN : STORE_FAILED;
}

enum store_status postgres_unclaim(struct store_session *base,
                                   const struct store_collection *collection,
                                   const struct store_claim *claim, int64_t id)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {CLAIM_OF(collection, claim), value_number(id)};
    if (!postgres_hold(session, STATEMENT_CLAIM, values, NAMES)) {
        return STORE_FAILED;
    }
    enum store_status claims = postgres_change(session, STATEMENT_UNCLAIM, values, STORE_ABSENT);
    enum store_status stands =
        postgres_change(session, STATEMENT_STAND_NO_MORE, values, STORE_ABSENT);
    if (claims == STORE_FAILED || stands == STORE_FAILED) {
        return STORE_FAILED;
    }
    return claims == STORE_OK ? STORE_OK : stands;
}

enum store_status postgres_holder(struct store_session *base,
                                  const struct store_collection *collection,
                                  const struct store_claim *claim, int64_t *id,
                                  int64_t *merged_into)
{
    struct postgres_session *session = postgres_session_of(base);
    const struct value values[] = {CLAIM_OF(collection, claim)};
    return postgres_hold(session, STATEMENT_CLAIM, values, NAMES)
               ? find_holder(session, values, id, merged_into)
               : STORE_FAILED;
}

#define OF_TENANT " WHERE ($1 IS NULL OR s.tenant = $1)"
#define CLAIM_OF_S                                                                                 \
    "c.tenant = s.tenant AND c.resource = s.resource AND c.rule = s.rule AND c.value = s.value"

enum store_status postgres_standing_list(struct store_session *base,
                                         const struct store_standing *after, const char *tenant,
                                         const char *resource, int limit, store_standing_each *each,
                                         void *context)
{
    const struct store_standing first = {{"", ""}, "", "", 0, 0};
    after = after ? after : &first;
    const struct value values[] = {value_text(tenant),
                                   value_text(resource),
                                   value_number(limit),
                                   value_text(after->collection.tenant),
                                   value_text(after->collection.resource),
                                   value_text(after->rule),
                                   value_text(after->value),
                                   value_number(after->record)};
    PGresult *rows = postgres_select(
        postgres_session_of(base),
        "SELECT s.tenant, s.resource, s.rule, s.value, c.record, s.record FROM standing s"
        " LEFT JOIN claims c ON " CLAIM_OF_S OF_TENANT " AND ($2 IS NULL OR s.resource = $2)"
        " AND (s.tenant, s.resource, s.rule, s.value, s.record) > ($4, $5, $6, $7, $8::bigint)"
        " ORDER BY s.tenant, s.resource, s.rule, s.value, s.record LIMIT $3::bigint",
        "ttntttti", values);
    for (int i = 0; rows && i < PQntuples(rows); i++) {
        const struct answer row = {rows, i};
        struct store_standing standing = {
            .collection = {answer_text(&row, 0), answer_text(&row, 1)},
            .rule = answer_text(&row, 2),
            .value = answer_text(&row, 3),
            .holder = answer_number(&row, 4),
            .record = answer_number(&row, 5),
        };
        each(context, &standing);
    }
    PQclear(rows);
    return rows ? STORE_OK : STORE_FAILED;
}

/* One record that stands alone, in a store that claims nothing, is in nobody's way. */
enum store_status postgres_standing_count(struct store_session *base, const char *tenant,
                                          int64_t *groups)
{
    const struct value values[] = {value_text(tenant)};
    PGresult *rows =
        postgres_select(postgres_session_of(base),
                        "SELECT count(*) FROM (SELECT 1 FROM standing s" OF_TENANT
                        " GROUP BY s.tenant, s.resource, s.rule, s.value HAVING count(*) > 1"
                        " OR EXISTS (SELECT 1 FROM claims c WHERE " CLAIM_OF_S ")) AS groups",
                        "t", values);
    *groups = rows ? answer_number(&(struct answer){rows, 0}, 0) : 0;
    PQclear(rows);
    return rows ? STORE_OK : STORE_FAILED;
}
