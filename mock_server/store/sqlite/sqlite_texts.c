/* Texts that records are completed from. */
#include "mock_server/store/sqlite/sqlite_session.h"

static enum store_status run_with(struct sqlite_session *session, sqlite3_stmt *statement,
                                  int64_t first, const struct store_text *text, int64_t id)
{
    if (!statement) {
        return STORE_FAILED;
    }
    sqlite3_bind_int64(statement, 1, first >> 40);
    sqlite3_bind_int(statement, 2, text->which);
    sqlite_bind_text_at(statement, 3, text->text);
    sqlite3_bind_int64(statement, 4, id);
    return sqlite_run(session, statement);
}

enum store_status sqlite_text_add(struct store_session *base,
                                  const struct store_collection *collection,
                                  const struct store_text *text, int64_t id)
{
    struct sqlite_session *session = sqlite_session_of(base);
    struct collection *found = NULL;
    enum store_status status = sqlite_place_collection(session, collection, &found);
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_TEXT_ADD,
                         "INSERT INTO texts (collection, which, text, record, sorted)"
                         " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING");
    if (status != STORE_OK || !statement) {
        return STORE_FAILED;
    }
    sqlite_bind_text_at(statement, 5, text->order);
    return run_with(session, statement, found->first_place, text, id);
}

enum store_status sqlite_text_remove(struct store_session *base,
                                     const struct store_collection *collection,
                                     const struct store_text *text, int64_t id)
{
    struct sqlite_session *session = sqlite_session_of(base);
    struct collection *found = NULL;
    enum store_status status = sqlite_find_collection(session, collection, &found);
    if (status != STORE_OK) {
        return status;
    }
    return run_with(session,
                    sqlite_statement(session, STATEMENT_TEXT_REMOVE,
                                     "DELETE FROM texts WHERE collection = ?1 AND which = ?2"
                                     " AND text = ?3 AND record = ?4"),
                    found->first_place, text, id);
}

/* Each half is a range of the key. U+10FFFF sorts after whatever can follow a prefix. */
#define FOUND(which)                                                                               \
    "SELECT * FROM (SELECT record, sorted FROM texts CROSS JOIN records ON place = ?1 + record"    \
    " WHERE collection = ?1 >> 40"                                                                 \
    " AND which = " which " AND text >= ?2 AND text < ?2 || char(0x10ffff)"                        \
    " AND (?4 = 2 OR (merged IS NULL) = (?4 = 0)) ORDER BY text LIMIT ?3)"

enum store_status sqlite_complete(struct store_session *base,
                                  const struct store_collection *collection, const char *prefix,
                                  enum store_merged merged, int limit, store_record_each *each,
                                  void *context)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite3_stmt *statement = sqlite_statement(
        session, STATEMENT_COMPLETE,
        "SELECT record, coalesce(current, created) FROM (" FOUND("0") " UNION " FOUND(
            "1") ")"
                 " JOIN records ON place = ?1 + record ORDER BY sorted LIMIT ?3");
    struct collection *found = NULL;
    enum store_status status =
        statement ? sqlite_find_collection(session, collection, &found) : STORE_FAILED;
    if (status != STORE_OK) {
        return status == STORE_ABSENT ? STORE_OK : status;
    }
    sqlite3_bind_int64(statement, 1, found->first_place);
    sqlite_bind_text_at(statement, 2, prefix);
    sqlite3_bind_int(statement, 3, limit);
    sqlite3_bind_int(statement, 4, (int)merged);
    while ((status = sqlite_row(session, statement)) == STORE_OK) {
        each(context, sqlite3_column_int64(statement, 0), sqlite_text_at(statement, 1));
    }
    return status == STORE_ABSENT ? STORE_OK : status;
}
