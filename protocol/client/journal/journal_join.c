/* What was recorded before it was known whose it is becomes an account's: moved there, and made one
 * with what the account has of the same key and body. */
#include "protocol/client/journal/journal_file.h"
#include "protocol/client/journal/journal_inside.h"
#include "protocol/wire/clock.h"

#include <errno.h>
#include <stdlib.h>

enum journal_status journal_ids(struct journal *journal, sqlite3_stmt *rows, int64_t **ids,
                                size_t *count)
{
    int step = rows != NULL ? SQLITE_ROW : SQLITE_ERROR;
    *ids = NULL;
    *count = 0;
    while (rows != NULL && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        int64_t *more = realloc(*ids, (*count + 1) * sizeof *more);
        if (more == NULL) break;
        *ids = more;
        more[(*count)++] = sqlite3_column_int64(rows, 0);
    }
    enum journal_status status = step == SQLITE_DONE ? JOURNAL_OK : JOURNAL_FAILED;
    if (step == SQLITE_ROW)
        journal_file_explain_errno(ENOMEM, journal->path, journal->sentence);
    else if (step != SQLITE_DONE)
        status = journal_failed(journal);
    journal_done_with(rows);
    if (status == JOURNAL_OK) return status;
    free(*ids);
    *ids = NULL;
    *count = 0;
    return status;
}

static enum journal_status close_attempts(struct journal *journal, int64_t id, const char *fate,
                                          bool living_too)
{
    return journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_CLOSE_ATTEMPTS, "iiti", id,
                                                    clock_now_ms(), fate, (int64_t)living_too));
}

enum journal_status journal_make_ours(struct journal *journal, enum journal_statement how,
                                      int64_t id)
{
    enum journal_status status = close_attempts(journal, id, "unknown", false);
    if (status != JOURNAL_OK) return status;
    return journal_carry_out(journal, journal_bound(journal, how, "ii", id, journal->lease.owner));
}

/* The one that goes leaves its place in a run to the one that stays, unless that has one. */
static enum journal_status delete_for(struct journal *journal, int64_t id, int64_t into)
{
    sqlite3_stmt *row = journal_bound(journal, JOURNAL_DO_DELETE_INTENT, "i", id);
    if (row == NULL || sqlite3_step(row) != SQLITE_ROW) {
        enum journal_status failed = journal_failed(journal);
        journal_done_with(row);
        return failed;
    }
    int64_t run = sqlite3_column_int64(row, 0), position = sqlite3_column_int64(row, 1);
    bool deleted = sqlite3_step(row) == SQLITE_DONE;
    journal_done_with(row);
    if (!deleted) return journal_failed(journal);
    if (run == 0) return JOURNAL_OK;
    return journal_carry_out(journal,
                             journal_bound(journal, JOURNAL_DO_PLACE, "iii", into, run, position));
}

/* The numbers of attempts change: what is under way of the one that goes is at an end (nothing was
 * sent of it), and what nobody will end of the other is too. */
enum journal_status journal_merge(struct journal *journal, int64_t id, int64_t into)
{
    enum journal_status status = close_attempts(journal, id, "not sent", true);
    if (status == JOURNAL_OK) status = close_attempts(journal, into, "unknown", false);
    if (status == JOURNAL_OK)
        status = journal_carry_out(
            journal, journal_bound(journal, JOURNAL_DO_MOVE_ATTEMPTS, "ii", id, into));
    if (status == JOURNAL_OK)
        status = journal_carry_out(journal,
                                   journal_bound(journal, JOURNAL_DO_TAKE_OUTCOME, "ii", id, into));
    if (status == JOURNAL_OK)
        status = journal_carry_out(journal,
                                   journal_bound(journal, JOURNAL_DO_TAKE_OWNER, "ii", id, into));
    return status == JOURNAL_OK ? delete_for(journal, id, into) : status;
}

/* Nothing is sent before it is known whose the token is: an attempt that was cut then was not. */
static enum journal_status move(struct journal *journal, int64_t id)
{
    enum journal_status status = close_attempts(journal, id, "not sent", false);
    if (status != JOURNAL_OK) return status;
    return journal_carry_out(
        journal, journal_bound(journal, JOURNAL_DO_MOVE_INTENT, "it", id, journal->account));
}

enum journal_status journal_join(struct journal *journal, int64_t id, int64_t *into)
{
    int64_t *twin;
    size_t count;
    enum journal_status status = journal_ids(
        journal, journal_bound(journal, JOURNAL_DO_FIND_TWIN, "it", id, journal->account), &twin,
        &count);
    if (status != JOURNAL_OK) return status;
    *into = count > 0 ? *twin : id;
    free(twin);
    if (count == 0) return move(journal, id);
    return *into == id ? JOURNAL_OK : journal_merge(journal, id, *into);
}

enum journal_status journal_join_all(struct journal *journal, sqlite3_stmt *ids)
{
    int64_t *chosen, into;
    size_t count;
    enum journal_status status = journal_ids(journal, ids, &chosen, &count);
    for (size_t i = 0; status == JOURNAL_OK && i < count; i++)
        status = journal_join(journal, chosen[i], &into);
    free(chosen);
    return status;
}
