/* Records in lists: bucket by bucket of their ids where a parent's or a period's are wanted. */
#include "mock_server/store/sqlite/sqlite_session.h"

#include <assert.h>

/* Nearly always it is noted already, and mostly that is remembered. */
enum store_status sqlite_note_period(struct sqlite_session *session, struct collection *placed,
                                     const struct store_record *record)
{
    assert(record->period != 0);
    int64_t bucket = record->id >> BUCKET_BITS;
    if (placed->noted_period == record->period && placed->noted_bucket == bucket) {
        return STORE_OK;
    }
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_PERIOD_NOTE,
                         "INSERT INTO periods VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, placed->first_place >> 40);
    sqlite3_bind_int(statement, 2, record->period);
    sqlite3_bind_int64(statement, 3, bucket);
    enum store_status status = sqlite_run(session, statement);
    if (status == STORE_OK) {
        placed->noted_period = record->period;
        placed->noted_bucket = bucket;
    }
    return status;
}

/* One statement per index that can lead; + keeps SQLite from leading with the place. Each takes all
 * the parameters: ?1 collection's first place, ?2 from and ?3 before which place, ?4 limit, ?5
 * period, ?6 parent; NULL: any; ?7 rule and ?8 the beginning of its value; ?9 enum store_merged,
 * ?10 and ?11 into which record at least and at most. U+10FFFF sorts after whatever can follow
 * that. */
#define LIST      "SELECT place - ?1, coalesce(current, created) FROM records WHERE "
#define BETWEEN   "place >= ?2 AND place < ?3"
#define IN_BUCKET "place >> 12 = ?2 >> 12 AND +place < ?3 AND parent = ?6"
#define HOLDING(table)                                                                             \
    "SELECT record FROM " table " WHERE collection = ?1 >> 40 AND rule = ?7"                       \
    " AND value >= ?8 AND value < ?8 || char(0x10ffff)"
#define HOLDERS HOLDING("claims") " UNION ALL " HOLDING("standing")
#define OF_RULE "place IN (SELECT ?1 + record FROM (" HOLDERS ")) AND +place < ?3"
#define OF_RULE_OR_MERGED                                                                          \
    "place IN (SELECT ?1 + record FROM (" HOLDERS ") UNION ALL SELECT place FROM records"          \
    " WHERE place >> 40 = ?1 >> 40 AND merged IN (" HOLDERS ")) AND +place < ?3"
#define MERGED "place >> 40 = ?1 >> 40 AND merged BETWEEN ?10 AND ?11 AND +place < ?3"
#define MAY_BE_MERGED                                                                              \
    " AND CASE ?9 WHEN 0 THEN +merged IS NULL WHEN 1 THEN +merged BETWEEN ?10 AND ?11 ELSE 1 END"
#define MAY_BE_PERIOD " AND (?5 IS NULL OR +period = ?5)"
#define MAY_BE_PARENT " AND (?6 IS NULL OR +parent = ?6)"
#define LATEST        " ORDER BY place DESC LIMIT ?4"
#define LATEST_FEW    " ORDER BY +place DESC LIMIT ?4"

/* What a list is looked up by. */
enum leading { BY_PLACE, BY_PERIOD, BY_PARENT, BY_MERGED, BY_RULE };

static enum leading leading(const struct store_filter *filter)
{
    return filter->rule                     ? BY_RULE
           : filter->merged == STORE_MERGED ? BY_MERGED
           : filter->parent                 ? BY_PARENT
           : filter->period                 ? BY_PERIOD
                                            : BY_PLACE;
}

static sqlite3_stmt *list_statement(struct sqlite_session *session,
                                    const struct store_filter *filter)
{
    switch (leading(filter)) {
    case BY_RULE:
        return filter->merged == STORE_UNMERGED
                   ? sqlite_statement(
                         session, STATEMENT_LIST_OF_RULE,
                         LIST OF_RULE MAY_BE_PERIOD MAY_BE_PARENT MAY_BE_MERGED LATEST_FEW)
                   : sqlite_statement(session, STATEMENT_LIST_OF_RULE_OR_MERGED,
                                      LIST OF_RULE_OR_MERGED MAY_BE_PERIOD MAY_BE_PARENT
                                          MAY_BE_MERGED LATEST_FEW);
    case BY_MERGED:
        return sqlite_statement(session, STATEMENT_LIST_MERGED,
                                LIST MERGED MAY_BE_PERIOD MAY_BE_PARENT LATEST_FEW);
    case BY_PARENT:
        return sqlite_statement(session, STATEMENT_LIST_OF_PARENT,
                                LIST IN_BUCKET MAY_BE_PERIOD MAY_BE_MERGED LATEST);
    case BY_PERIOD:
        return sqlite_statement(session, STATEMENT_LIST_OF_PERIOD,
                                LIST BETWEEN " AND +period = ?5" MAY_BE_MERGED LATEST);
    case BY_PLACE:
        break;
    }
    return sqlite_statement(session, STATEMENT_LIST, LIST BETWEEN MAY_BE_MERGED LATEST);
}

struct listing {
    const struct store_filter *filter;
    store_record_each *each;
    void *context;
    int left; /* rows still wanted */
    struct collection of;
};

static enum store_status list_some(struct sqlite_session *session, struct listing *listing,
                                   int64_t from, int64_t before)
{
    const struct store_filter *filter = listing->filter;
    sqlite3_stmt *statement = list_statement(session, filter);
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, listing->of.first_place);
    sqlite3_bind_int64(statement, 2, listing->of.first_place + from);
    sqlite3_bind_int64(statement, 3, listing->of.first_place + before);
    sqlite3_bind_int(statement, 4, listing->left);
    sqlite_bind_id(statement, 5, filter->period);
    sqlite_bind_id(statement, 6, filter->parent);
    if (filter->rule) {
        sqlite_bind_text_at(statement, 7, filter->rule);
        sqlite_bind_text_at(statement, 8, filter->beginning);
    }
    sqlite3_bind_int(statement, 9, (int)filter->merged);
    sqlite3_bind_int64(statement, 10, filter->merged_into ? filter->merged_into : 1);
    sqlite3_bind_int64(statement, 11, filter->merged_into ? filter->merged_into : ID_END);
    enum store_status status = STORE_OK;
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        listing->each(listing->context, sqlite3_column_int64(statement, 0),
                      sqlite_text_at(statement, 1));
        listing->left--;
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

/* Bucket by bucket from the newest: see the index. */
static enum store_status list_of_parent(struct sqlite_session *session, struct listing *listing,
                                        int64_t before)
{
    int64_t last = 0;
    enum store_status status = sqlite_last_number(session, &listing->of, &last);
    if (before > last + 1) {
        before = last + 1;
    }
    for (int64_t bucket = (before - 1) >> BUCKET_BITS;
         status == STORE_OK && bucket >= 0 && listing->left > 0; bucket--) {
        status = list_some(session, listing, bucket << BUCKET_BITS, before);
    }
    return status;
}

/* The newest bucket up to *bucket that holds records of the period. */
static enum store_status bucket_of_period(struct sqlite_session *session,
                                          const struct listing *listing, int64_t *bucket)
{
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_PERIOD_BUCKET,
        "SELECT max(bucket) FROM periods WHERE collection = ?1 AND period = ?2 AND bucket <= ?3"
        " HAVING max(bucket) IS NOT NULL");
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, listing->of.first_place >> 40);
    sqlite3_bind_int(statement, 2, listing->filter->period);
    sqlite3_bind_int64(statement, 3, *bucket);
    return sqlite_number(session, statement, bucket);
}

/* Only through buckets that hold some. */
static enum store_status list_of_period(struct sqlite_session *session, struct listing *listing,
                                        int64_t before)
{
    int64_t bucket = (before - 1) >> BUCKET_BITS;
    enum store_status status = STORE_OK;
    while (status == STORE_OK && listing->left > 0 &&
           (status = bucket_of_period(session, listing, &bucket)) == STORE_OK) {
        int64_t end = (bucket + 1) << BUCKET_BITS;
        status = list_some(session, listing, bucket << BUCKET_BITS, before < end ? before : end);
        bucket--;
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}

enum store_status sqlite_record_list(struct store_session *base, const struct store_filter *filter,
                                     store_record_each *each, void *context)
{
    struct sqlite_session *session = sqlite_session_of(base);
    struct listing listing = {filter, each, context, .left = filter->limit};
    struct collection *found = NULL;
    enum store_status status = sqlite_find_collection(session, &filter->collection, &found);
    if (status != STORE_OK) {
        return status == STORE_ABSENT ? STORE_OK : status;
    }
    listing.of = *found;
    int64_t before = filter->before > 0 && filter->before < ID_END ? filter->before : ID_END;
    switch (leading(filter)) {
    case BY_PARENT:
        return list_of_parent(session, &listing, before);
    case BY_PERIOD:
        return list_of_period(session, &listing, before);
    case BY_PLACE:
    case BY_MERGED:
    case BY_RULE:
        break;
    }
    return list_some(session, &listing, 0, before);
}
