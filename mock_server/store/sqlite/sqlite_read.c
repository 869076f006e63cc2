/* Sessions that only read. */
#include "mock_server/store/sqlite/sqlite_session.h"

#define SETTINGS_READING                                                                           \
    "PRAGMA wal_autocheckpoint=0; PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;"                 \
    "PRAGMA cache_size=-2000"

struct sqlite_session *sqlite_session_open_to_read(struct sqlite_store *store)
{
    return sqlite_session_open(store, SETTINGS_READING);
}

bool sqlite_read_begin(struct sqlite_session *session)
{
    return sqlite_run_plain(session, STATEMENT_BEGIN_READ, "BEGIN");
}

void sqlite_read_end(struct sqlite_session *session)
{
    sqlite_run_plain(session, STATEMENT_COMMIT, "COMMIT");
}

bool sqlite_reads(struct sqlite_session *session)
{
    sqlite3_stmt *statement =
        sqlite_statement(session, STATEMENT_READY, "SELECT value FROM facts LIMIT 1");
    if (!statement || sqlite_row(session, statement) != STORE_OK) {
        return false;
    }
    sqlite_done(statement);
    return true;
}
