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
 * period, ?6 parent; NULL: any; ?7 rule and ?8 the beginning of its value. U+10FFFF sorts after
 * whatever can follow that. */
#define LIST      "SELECT place - ?1, coalesce(current, created) FROM records WHERE "
#define BETWEEN   "place >= ?2 AND place < ?3"
#define IN_BUCKET "place >> 12 = ?2 >> 12 AND +place < ?3 AND parent = ?6"
#define HOLDING(table)                                                                             \
    "SELECT ?1 + record FROM " table " WHERE collection = ?1 >> 40 AND rule = ?7"                  \
    " AND value >= ?8 AND value < ?8 || char(0x10ffff)"
#define OF_RULE       "place IN (" HOLDING("claims") " UNION ALL " HOLDING("standing") ") AND +place < ?3"
#define MAY_BE_PERIOD " AND (?5 IS NULL OR +period = ?5)"
#define MAY_BE_PARENT " AND (?6 IS NULL OR +parent = ?6)"
#define LATEST        " ORDER BY place DESC LIMIT ?4"
#define LATEST_FEW    " ORDER BY +place DESC LIMIT ?4"

static sqlite3_stmt *list_statement(struct sqlite_session *session,
                                    const struct store_filter *filter)
{
    if (filter->rule) {
        return sqlite_statement(session, STATEMENT_LIST_OF_RULE,
                                LIST OF_RULE MAY_BE_PERIOD MAY_BE_PARENT LATEST_FEW);
    }
    if (filter->parent) {
        return sqlite_statement(session, STATEMENT_LIST_OF_PARENT,
                                LIST IN_BUCKET MAY_BE_PERIOD LATEST);
    }
    if (filter->period) {
        return sqlite_statement(session, STATEMENT_LIST_OF_PERIOD,
                                LIST BETWEEN " AND +period = ?5" LATEST);
    }
    return sqlite_statement(session, STATEMENT_LIST, LIST BETWEEN LATEST);
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
    if (!filter->rule && filter->parent) {
        return list_of_parent(session, &listing, before);
    }
    if (!filter->rule && filter->period) {
        return list_of_period(session, &listing, before);
    }
    return list_some(session, &listing, 0, before);
}
