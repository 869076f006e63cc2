#include "protocol/client/journal/journal_last.h"

#include "protocol/client/journal/journal_inside.h"

#include <string.h>

char *journal_last_created(struct journal *journal, const char *kind)
{
    /* Among the newest only: a million others are no matter. */
    static const char sql[] =
        "SELECT body FROM intents WHERE id > (SELECT max(id) FROM intents) - 1000"
        " AND state = 'created' AND account = ?1 AND kind = ?2 ORDER BY id DESC LIMIT 1";
    sqlite3_stmt *rows = NULL;
    char *body = NULL;
    if (journal->database == NULL) return NULL;
    if (sqlite3_prepare_v2(journal->database, sql, -1, &rows, NULL) != SQLITE_OK) return NULL;
    sqlite3_bind_text(rows, 1, journal->account, -1, SQLITE_STATIC);
    sqlite3_bind_text(rows, 2, kind, -1, SQLITE_STATIC);
    if (sqlite3_step(rows) == SQLITE_ROW) {
        const char *bytes = sqlite3_column_blob(rows, 0);
        if (bytes) body = strndup(bytes, (size_t)sqlite3_column_bytes(rows, 0));
    }
    sqlite3_finalize(rows);
    return body;
}
