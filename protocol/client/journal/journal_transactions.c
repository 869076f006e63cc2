/* Transactions, one by one or many as one. */
#include "protocol/client/journal/journal_file.h"
#include "protocol/client/journal/journal_inside.h"
#include "protocol/client/journal/journal_log.h"

#include <assert.h>
#include <stdio.h>

/* What is written into files that were removed or replaced is nowhere after a crash. */
static bool is_still_there(struct journal *journal)
{
    struct journal_files now;
    bool there =
        journal_files_look(journal->path, &now) && journal_files_are_same(&now, &journal->files);
    if (!there)
        snprintf(journal->sentence, sizeof journal->sentence,
                 "The journal %.120s was removed or replaced while it was open: nothing can be "
                 "kept in it. Leave, and start again.",
                 journal->path);
    return there;
}

static enum journal_status begin_once(struct journal *journal, enum journal_durability durability)
{
    bool lax = durability == JOURNAL_NOT_SYNCED;
    enum journal_status ready = journal_ready(journal);
    if (ready != JOURNAL_OK) return ready;
    if (!is_still_there(journal)) return JOURNAL_FAILED;
    if (lax != journal->lax) {
        const char *sql = lax ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL";
        if (sqlite3_exec(journal->database, sql, NULL, NULL, NULL) != SQLITE_OK)
            return journal_failed(journal);
        journal->lax = lax;
    }
    if (!journal_carried_out(journal_bound(journal, JOURNAL_DO_BEGIN, "")))
        return journal_failed(journal);
    journal_account_refresh(journal);
    return JOURNAL_OK;
}

/* Whoever has the lock to write has it until the end: only here is there anything to wait for. */
static enum journal_status begin(struct journal *journal, enum journal_durability durability)
{
    enum journal_status status;
    do
        status = begin_once(journal, durability);
    while (journal_waits(journal, &status));
    return status;
}

static enum journal_status end(struct journal *journal, enum journal_status status)
{
    if (journal->database == NULL) return status;
    if (status == JOURNAL_OK && !journal_carried_out(journal_bound(journal, JOURNAL_DO_COMMIT, "")))
        status = journal_failed(journal);
    if (!sqlite3_get_autocommit(journal->database))
        journal_carried_out(journal_bound(journal, JOURNAL_DO_ROLLBACK, ""));
    journal_log_maintain(journal);
    return status;
}

enum journal_status journal_begin(struct journal *journal, enum journal_durability durability)
{
    if (!journal->gathering) return begin(journal, durability);
    if (journal->spoilt) return JOURNAL_FAILED;
    if (journal->gathered) return JOURNAL_OK;
    journal->gathered = begin(journal, JOURNAL_SYNCED) == JOURNAL_OK;
    journal->spoilt = !journal->gathered;
    return journal->gathered ? JOURNAL_OK : JOURNAL_FAILED;
}

enum journal_status journal_end(struct journal *journal, enum journal_status status)
{
    if (!journal->gathering) return end(journal, status);
    if (status == JOURNAL_FAILED) journal->spoilt = true;
    return status;
}

void journal_gather(struct journal *journal)
{
    assert(!journal->gathering); /* one within another would end the outer one early */
    journal->gathering = true;
    journal->gathered = journal->spoilt = false;
}

enum journal_status journal_commit(struct journal *journal)
{
    assert(journal->gathering);
    enum journal_status status = journal->spoilt ? JOURNAL_FAILED : JOURNAL_OK;
    journal->gathering = false;
    return journal->gathered ? end(journal, status) : status;
}
