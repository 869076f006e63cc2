#include "protocol/client/journal/journal_draft.h"

#include "protocol/client/journal/journal_inside.h"
#include "protocol/wire/clock.h"

#include <stdlib.h>
#include <string.h>

#define THROWN " thrown away" /* behind the kind of one that isn't offered any more */

/* Drafts are written once a second at most, so that their statements aren't kept. They belong to
 * the credential: nobody else goes on with what somebody typed. */
static sqlite3_stmt *prepared(struct journal *journal, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (journal->database == NULL) return NULL;
    if (sqlite3_prepare_v2(journal->database, sql, -1, &statement, NULL) != SQLITE_OK) return NULL;
    return statement;
}

/* Steps a statement that gives no rows, and lets it go. NULL is a failure. */
static enum journal_status carry_out(struct journal *journal, sqlite3_stmt *statement)
{
    bool done = statement && sqlite3_step(statement) == SQLITE_DONE;
    enum journal_status status = done ? JOURNAL_OK : journal_failed(journal);
    sqlite3_finalize(statement);
    return status;
}

static enum journal_status write_draft(struct journal *journal, const char *kind, const char *body)
{
    sqlite3_stmt *statement =
        prepared(journal, "INSERT INTO drafts (owner, account, kind, body, saved_ms)"
                          " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (owner)"
                          " DO UPDATE SET kind = ?3, body = ?4, saved_ms = ?5");
    if (statement) {
        sqlite3_bind_int64(statement, 1, journal->lease.owner);
        sqlite3_bind_text(statement, 2, journal->credential, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, kind, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 4, body, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 5, clock_now_ms());
    }
    return carry_out(journal, statement);
}

/* Of this window: ?1. ?2 is the credential, ?3 the kind. */
static enum journal_status change(struct journal *journal, const char *sql, const char *kind)
{
    sqlite3_stmt *statement = prepared(journal, sql);
    if (statement) {
        sqlite3_bind_int64(statement, 1, journal->lease.owner);
        sqlite3_bind_text(statement, 2, journal->credential, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 3, kind, -1, SQLITE_STATIC);
    }
    return carry_out(journal, statement);
}

enum journal_status journal_draft_save(struct journal *journal, const char *kind, const char *body)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status != JOURNAL_OK) return status;
    return journal_end(journal, write_draft(journal, kind, body));
}

enum journal_status journal_draft_drop(struct journal *journal)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status != JOURNAL_OK) return status;
    return journal_end(journal, change(journal, "DELETE FROM drafts WHERE owner = ?1", NULL));
}

/* One is kept. */
static enum journal_status throw_away(struct journal *journal, const char *kind)
{
    enum journal_status status =
        change(journal,
               "UPDATE drafts SET kind = ?3 || '" THROWN "' WHERE owner = ?1 AND kind = ?3", kind);
    if (status != JOURNAL_OK || sqlite3_changes(journal->database) == 0) return status;
    return change(journal,
                  "DELETE FROM drafts WHERE owner <> ?1 AND account = ?2"
                  " AND kind = ?3 || '" THROWN "'",
                  kind);
}

enum journal_status journal_draft_throw(struct journal *journal, const char *kind)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status != JOURNAL_OK) return status;
    return journal_end(journal, throw_away(journal, kind));
}

static enum journal_status find(struct journal *journal, const char *kind, bool thrown,
                                struct journal_draft *draft)
{
    *draft = (struct journal_draft){0};
    sqlite3_stmt *rows = prepared(
        journal, "SELECT owner, body, saved_ms FROM drafts WHERE account = ?1 AND kind = ?2 || ?3"
                 " AND NOT EXISTS (SELECT 1 FROM intents WHERE body = CAST(drafts.body AS BLOB)"
                 " AND id > (SELECT max(id) FROM intents) - 1000" /* not so long ago */
                 " AND state NOT IN ('conflict', 'rejected'))"
                 " ORDER BY saved_ms DESC, owner");
    if (!rows) return journal_failed(journal);
    sqlite3_bind_text(rows, 1, journal->credential, -1, SQLITE_STATIC);
    sqlite3_bind_text(rows, 2, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(rows, 3, thrown ? THROWN : "", -1, SQLITE_STATIC);
    int step;
    while ((step = sqlite3_step(rows)) == SQLITE_ROW && !draft->body) {
        int64_t owner = sqlite3_column_int64(rows, 0);
        bool ours = owner == journal->lease.owner;
        if (ours ? !thrown : lease_is_held(&journal->lease, owner)) continue;
        draft->owner = owner;
        draft->saved_ms = sqlite3_column_int64(rows, 2);
        draft->body = strdup(journal_column_text(rows, 1));
        if (!draft->body) break;
    }
    bool good = draft->body || step == SQLITE_DONE;
    enum journal_status status = good ? JOURNAL_OK : journal_failed(journal);
    sqlite3_finalize(rows);
    return status;
}

enum journal_status journal_draft_find(struct journal *journal, const char *kind,
                                       struct journal_draft *draft)
{
    return find(journal, kind, false, draft);
}

enum journal_status journal_draft_find_thrown(struct journal *journal, const char *kind,
                                              struct journal_draft *draft)
{
    return find(journal, kind, true, draft);
}

enum journal_status journal_draft_take(struct journal *journal, const char *kind,
                                       const struct journal_draft *draft)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status != JOURNAL_OK) return status;
    sqlite3_stmt *statement =
        prepared(journal, "UPDATE OR REPLACE drafts SET owner = ?1, kind = ?2 WHERE owner = ?3");
    if (statement) {
        sqlite3_bind_int64(statement, 1, journal->lease.owner);
        sqlite3_bind_text(statement, 2, kind, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, draft->owner);
    }
    status = carry_out(journal, statement);
    if (status == JOURNAL_OK && sqlite3_changes(journal->database) == 0) status = JOURNAL_HELD;
    return journal_end(journal, status);
}

void journal_draft_clear(struct journal_draft *draft)
{
    free(draft->body);
    *draft = (struct journal_draft){0};
}
