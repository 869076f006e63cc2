/* Claims, whose primary key is the unique constraint, and what stands in their way. */
#include "mock_server/store/sqlite/sqlite_session.h"

/* ?1 collection's number, ?2 rule, ?3 value, ?4 record. */
static sqlite3_stmt *claim_statement(struct sqlite_session *session, enum statement which,
                                     const char *sql, int64_t first,
                                     const struct store_claim *claim, int64_t id)
{
    sqlite3_stmt *statement = sqlite_statement(session, which, sql);
    if (statement) {
        sqlite3_bind_int64(statement, 1, first >> 40);
        sqlite_bind_text_at(statement, 2, claim->rule);
        sqlite_bind_text_at(statement, 3, claim->value);
        if (id) {
            sqlite3_bind_int64(statement, 4, id);
        }
    }
    return statement;
}

/* Each row a record, and what it is merged into. */
static enum store_status find_record(struct sqlite_session *session, sqlite3_stmt *statement,
                                     int64_t *id, int64_t *merged_into)
{
    enum store_status status = statement ? sqlite_row(session, statement) : STORE_FAILED;
    if (status == STORE_OK) {
        *id = sqlite3_column_int64(statement, 0);
        if (merged_into) {
            *merged_into = sqlite3_column_int64(statement, 1);
        }
        sqlite_done(statement);
    }
    return status;
}

#define HOLDERS(table)                                                                             \
    "SELECT record, merged FROM " table " LEFT JOIN records ON place = (?1 << 40) + record"        \
    " WHERE collection = ?1 AND rule = ?2 AND value = ?3"

static enum store_status find_holder(struct sqlite_session *session, int64_t first,
                                     const struct store_claim *claim, int64_t *id,
                                     int64_t *merged_into)
{
    return find_record(
        session,
        claim_statement(session, STATEMENT_CLAIM_HOLDER, HOLDERS("claims"), first, claim, 0), id,
        merged_into);
}

static enum store_status stand(struct sqlite_session *session, int64_t first,
                               const struct store_claim *claim, int64_t id)
{
    sqlite3_stmt *statement =
        claim_statement(session, STATEMENT_STAND,
                        "INSERT INTO standing (collection, rule, value, record)"
                        " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                        first, claim, id);
    return statement ? sqlite_run(session, statement) : STORE_FAILED;
}

static bool claims_nothing(const struct sqlite_session *session)
{
    return session->store->without & STORE_NO_UNIQUE;
}

enum store_status sqlite_claim(struct store_session *base,
                               const struct store_collection *collection,
                               const struct store_claim *claim, int64_t id, int64_t *holder)
{
    struct sqlite_session *session = sqlite_session_of(base);
    struct collection *found = NULL;
    if (sqlite_place_collection(session, collection, &found) != STORE_OK) {
        return STORE_FAILED;
    }
    if (claims_nothing(session) && !claim->firm) {
        return stand(session, found->first_place, claim, id);
    }
    sqlite3_stmt *statement = claim_statement(session, STATEMENT_CLAIM,
                                              "INSERT INTO claims (collection, rule, value, record)"
                                              " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                                              found->first_place, claim, id);
    enum store_status status = sqlite_change(session, statement, STORE_TAKEN);
    if (status != STORE_TAKEN) {
        return status;
    }
    return find_holder(session, found->first_place, claim, holder, NULL) == STORE_OK ? STORE_TAKEN
                                                                                     : STORE_FAILED;
}

enum store_status sqlite_stand(struct store_session *base,
                               const struct store_collection *collection,
                               const struct store_claim *claim, int64_t id)
{
    struct sqlite_session *session = sqlite_session_of(base);
    struct collection *found = NULL;
    enum store_status status = sqlite_place_collection(session, collection, &found);
    return status == STORE_OK ? stand(session, found->first_place, claim, id) : status;
}

enum store_status sqlite_unclaim(struct store_session *base,
                                 const struct store_collection *collection,
                                 const struct store_claim *claim, int64_t id)
{
    struct sqlite_session *session = sqlite_session_of(base);
    struct collection *found = NULL;
    enum store_status status = sqlite_find_collection(session, collection, &found);
    if (status != STORE_OK) {
        return status;
    }
    sqlite3_stmt *claimed = claim_statement(
        session, STATEMENT_UNCLAIM,
        "DELETE FROM claims WHERE collection = ?1 AND rule = ?2 AND value = ?3 AND record = ?4",
        found->first_place, claim, id);
    sqlite3_stmt *standing = claim_statement(
        session, STATEMENT_STAND_NO_MORE,
        "DELETE FROM standing WHERE collection = ?1 AND rule = ?2 AND value = ?3 AND record = ?4",
        found->first_place, claim, id);
    enum store_status claims = sqlite_change(session, claimed, STORE_ABSENT);
    enum store_status stands = sqlite_change(session, standing, STORE_ABSENT);
    if (claims == STORE_FAILED || stands == STORE_FAILED) {
        return STORE_FAILED;
    }
    return claims == STORE_OK ? STORE_OK : stands;
}

enum store_status sqlite_holder(struct store_session *base,
                                const struct store_collection *collection,
                                const struct store_claim *claim, int64_t *id, int64_t *merged_into)
{
    struct sqlite_session *session = sqlite_session_of(base);
    struct collection *found = NULL;
    enum store_status status = sqlite_find_collection(session, collection, &found);
    if (status == STORE_OK) {
        status = find_holder(session, found->first_place, claim, id, merged_into);
    }
    if (status != STORE_ABSENT || found->first_place == 0) {
        return status;
    }
    return find_record(session,
                       claim_statement(session, STATEMENT_STANDING_OLDEST,
                                       HOLDERS("standing") " ORDER BY record LIMIT 1",
                                       found->first_place, claim, 0),
                       id, merged_into);
}

/* ?1 tenant, ?2 resource, ?3 limit, ?4 from which collection on, and there after ?5 rule, ?6 value,
 * ?7 record. */
static const char LIST_STANDING[] =
    "SELECT o.tenant, o.resource, s.rule, s.value, c.record, s.record FROM collections o"
    " CROSS JOIN standing s ON s.collection = o.number AND (s.rule, s.value, s.record) >"
    " (iif(o.number = ?4, ?5, ''), iif(o.number = ?4, ?6, ''), iif(o.number = ?4, ?7, 0))"
    " LEFT JOIN claims c"
    " ON c.collection = s.collection AND c.rule = s.rule AND c.value = s.value"
    " WHERE o.number >= ?4 AND (?1 IS NULL OR o.tenant = ?1) AND (?2 IS NULL OR o.resource = ?2)"
    " ORDER BY o.number, s.rule, s.value, s.record LIMIT ?3";

enum store_status sqlite_standing_list(struct store_session *base,
                                       const struct store_standing *after, const char *tenant,
                                       const char *resource, int limit, store_standing_each *each,
                                       void *context)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(session, STATEMENT_STANDING_LIST, LIST_STANDING);
    struct collection *found = NULL;
    if (!statement ||
        (after && sqlite_find_collection(session, &after->collection, &found) == STORE_FAILED)) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    sqlite_bind_text_at(statement, 2, resource);
    sqlite3_bind_int(statement, 3, limit);
    sqlite3_bind_int64(statement, 4, after ? found->first_place >> 40 : 0);
    sqlite_bind_text_at(statement, 5, after ? after->rule : "");
    sqlite_bind_text_at(statement, 6, after ? after->value : "");
    sqlite3_bind_int64(statement, 7, after ? after->record : 0);
    enum store_status status = STORE_OK;
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        struct store_standing standing = {
            .collection = {sqlite_text_at(statement, 0), sqlite_text_at(statement, 1)},
            .rule = sqlite_text_at(statement, 2),
            .value = sqlite_text_at(statement, 3),
            .holder = sqlite3_column_int64(statement, 4),
            .record = sqlite3_column_int64(statement, 5),
        };
        each(context, &standing);
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

/* One record that stands alone, in a store that claims nothing, is in nobody's way. */
enum store_status sqlite_standing_count(struct store_session *base, const char *tenant,
                                        int64_t *groups)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_STANDING_COUNT,
        "SELECT count(*) FROM (SELECT 1 FROM standing s JOIN collections o"
        " ON o.number = s.collection WHERE ?1 IS NULL OR o.tenant = ?1"
        " GROUP BY s.collection, s.rule, s.value HAVING count(*) > 1 OR EXISTS (SELECT 1"
        " FROM claims c WHERE c.collection = s.collection AND c.rule = s.rule"
        " AND c.value = s.value))");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 1, tenant);
    return sqlite_number(session, statement, groups);
}
