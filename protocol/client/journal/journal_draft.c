#include "protocol/client/journal/journal_draft.h"

#include "protocol/client/journal/journal_inside.h"
#include "protocol/wire/clock.h"

#include <stdlib.h>
#include <string.h>

#define THROWN " thrown away" /* behind the kind of one that isn't offered any more */

/* Drafts belong to the credential: nobody else goes on with what somebody typed. */
enum journal_status journal_draft_save(struct journal *journal, const char *kind, const char *body)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status != JOURNAL_OK) return status;
    sqlite3_stmt *save =
        journal_bound(journal, JOURNAL_DO_SAVE_DRAFT, "ittti", journal->lease.owner,
                      journal->credential, kind, body, clock_now_ms());
    return journal_end(journal, journal_carry_out(journal, save));
}

enum journal_status journal_draft_drop(struct journal *journal)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status != JOURNAL_OK) return status;
    sqlite3_stmt *drop = journal_bound(journal, JOURNAL_DO_DROP_DRAFT, "i", journal->lease.owner);
    return journal_end(journal, journal_carry_out(journal, drop));
}

/* One is kept. */
static enum journal_status throw_away(struct journal *journal, const char *kind)
{
    sqlite3_stmt *rename =
        journal_bound(journal, JOURNAL_DO_THROW_DRAFT, "itt", journal->lease.owner, kind, THROWN);
    enum journal_status status = journal_carry_out(journal, rename);
    if (status != JOURNAL_OK || sqlite3_changes(journal->database) == 0) return status;
    return journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_DROP_THROWN, "ittt",
                                                    journal->lease.owner, journal->credential, kind,
                                                    THROWN));
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
    sqlite3_stmt *rows = journal_bound(journal, JOURNAL_DO_FIND_DRAFTS, "ttt", journal->credential,
                                       kind, thrown ? THROWN : "");
    if (!rows) return journal_failed(journal);
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
    journal_done_with(rows);
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
    sqlite3_stmt *take = journal_bound(journal, JOURNAL_DO_TAKE_DRAFT, "iti", journal->lease.owner,
                                       kind, draft->owner);
    status = journal_carry_out(journal, take);
    if (status == JOURNAL_OK && sqlite3_changes(journal->database) == 0) status = JOURNAL_HELD;
    return journal_end(journal, status);
}

void journal_draft_clear(struct journal_draft *draft)
{
    free(draft->body);
    *draft = (struct journal_draft){0};
}
