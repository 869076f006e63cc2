#include "protocol/client/journal/journal_last.h"

#include "protocol/client/journal/journal_inside.h"

#include <string.h>

void journal_each_created(struct journal *journal, const char *kind, int limit,
                          void (*take)(void *context, const char *body, size_t length),
                          void *context)
{
    /* Among the newest only: a million others are no matter. */
    static const char sql[] =
        "SELECT body FROM intents WHERE id > (SELECT max(id) FROM intents) - 1000"
        " AND state = 'created' AND account = ?1 AND kind = ?2 ORDER BY id DESC LIMIT ?3";
    sqlite3_stmt *rows = NULL;
    if (journal->database == NULL) return;
    if (sqlite3_prepare_v2(journal->database, sql, -1, &rows, NULL) != SQLITE_OK) return;
    sqlite3_bind_text(rows, 1, journal->account, -1, SQLITE_STATIC);
    sqlite3_bind_text(rows, 2, kind, -1, SQLITE_STATIC);
    sqlite3_bind_int(rows, 3, limit);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const char *bytes = sqlite3_column_blob(rows, 0);
        if (bytes) take(context, bytes, (size_t)sqlite3_column_bytes(rows, 0));
    }
    sqlite3_finalize(rows);
}

static void keep(void *context, const char *body, size_t length)
{
    char **kept = context;
    *kept = strndup(body, length);
}

char *journal_last_created(struct journal *journal, const char *kind)
{
    char *body = NULL;
    journal_each_created(journal, kind, 1, keep, &body);
    return body;
}
