/* Runs of one input, and the end of what was settled long ago. */
#include "protocol/client/journal/journal_inside.h"
#include "protocol/client/journal/journal_log.h"
#include "protocol/wire/clock.h"
#include "protocol/wire/message.h"

#include <stdio.h>
#include <stdlib.h>

#define PRUNED_MAX 1000 /* of the oldest intents are looked at a time: nobody waits for long */

static enum journal_status insert_run(struct journal *journal, const char *input, int64_t *run)
{
    enum journal_status status = journal_carry_out(
        journal, journal_bound(journal, JOURNAL_DO_INSERT_RUN, "ttii", journal->account, input,
                               journal->lease.owner, clock_now_ms()));
    *run = sqlite3_last_insert_rowid(journal->database);
    return status;
}

/* This account's run of that input: it goes on, or is begun. */
static enum journal_status take_run(struct journal *journal, const char *input,
                                    struct journal_run *run)
{
    sqlite3_stmt *statement =
        journal_bound(journal, JOURNAL_DO_FIND_RUN, "tt", journal->account, input);
    if (statement == NULL) return journal_failed(journal);
    int step = sqlite3_step(statement);
    int64_t owner = 0;
    if (step == SQLITE_ROW) {
        run->id = sqlite3_column_int64(statement, 0);
        owner = sqlite3_column_int64(statement, 1);
    }
    journal_done_with(statement);
    run->continued = step == SQLITE_ROW;
    if (step == SQLITE_DONE) return insert_run(journal, input, &run->id);
    if (step != SQLITE_ROW) return journal_failed(journal);
    if (lease_is_held(&journal->lease, owner)) {
        snprintf(journal->sentence, sizeof journal->sentence,
                 N_("Another invonce is creating these same records just now."));
        return JOURNAL_HELD;
    }
    return journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_OWN_RUN, "iii", run->id,
                                                    journal->lease.owner, clock_now_ms()));
}

/* --- runs of the same input that were begun before it was known whose they are --- */

/* Who an intent of such a run is for. What was settled under a token that was never named (it was
 * refused) says nothing of this one's; what is in somebody's hands stays there. */
enum belonging { BELONGS_ELSEWHERE, BELONGS_HERE, BELONGS_TO_NOBODY };

static enum journal_status belongs(struct journal *journal, int64_t id, enum belonging *belonging)
{
    sqlite3_stmt *row = journal_bound(journal, JOURNAL_DO_FIND_ACCOUNT, "it", id, journal->account);
    if (row == NULL) return journal_failed(journal);
    bool found = sqlite3_step(row) == SQLITE_ROW;
    bool here = found && sqlite3_column_int(row, 0) != 0;
    bool waits = found && sqlite3_column_int(row, 1) != 0;
    journal_done_with(row);
    *belonging = here ? BELONGS_HERE : waits ? BELONGS_TO_NOBODY : BELONGS_ELSEWHERE;
    return found ? JOURNAL_OK : journal_failed(journal);
}

/* Where the run has the same record at the same place already, and of this one nothing was ever
 * sent, they are one. *dropped says that it was so. */
static enum journal_status drop_redundant(struct journal *journal, const struct journal_run *run,
                                          int64_t left, int64_t id, bool *dropped)
{
    int64_t *standing;
    size_t count;
    enum journal_status status = journal_ids(
        journal, journal_bound(journal, JOURNAL_DO_FIND_REDUNDANT, "iii", id, run->id, left),
        &standing, &count);
    *dropped = status == JOURNAL_OK && count > 0;
    if (*dropped) status = journal_merge(journal, id, *standing);
    free(standing);
    return status;
}

/* It takes its place in the run; where that has another one there, it is only the outbox's. */
static enum journal_status change_run(struct journal *journal, const struct journal_run *run,
                                      int64_t left, int64_t id)
{
    bool dropped;
    enum journal_status status = drop_redundant(journal, run, left, id, &dropped);
    if (status != JOURNAL_OK || dropped) return status;
    status = journal_carry_out(
        journal, journal_bound(journal, JOURNAL_DO_CHANGE_RUN, "iii", id, left, run->id));
    if (status != JOURNAL_OK) return status;
    return journal_carry_out(journal,
                             journal_bound(journal, JOURNAL_DO_LEAVE_PLACE, "ii", id, left));
}

/* One intent of the run that was left. */
static enum journal_status take_in(struct journal *journal, struct journal_run *run, int64_t left,
                                   int64_t id)
{
    enum belonging belonging;
    enum journal_status status = belongs(journal, id, &belonging);
    if (status != JOURNAL_OK) return status;
    if (belonging == BELONGS_ELSEWHERE)
        return journal_carry_out(journal,
                                 journal_bound(journal, JOURNAL_DO_LEAVE_PLACE, "ii", id, left));
    run->continued = true;
    if (belonging == BELONGS_TO_NOBODY) {
        run->taken_over++;
        status = journal_join(journal, id, &id);
    }
    return status == JOURNAL_OK ? change_run(journal, run, left, id) : status;
}

static enum journal_status fold_run(struct journal *journal, struct journal_run *run, int64_t left)
{
    int64_t *ids;
    size_t count;
    enum journal_status status = journal_ids(
        journal, journal_bound(journal, JOURNAL_DO_FIND_OF_RUN, "i", left), &ids, &count);
    for (size_t i = 0; status == JOURNAL_OK && i < count; i++)
        status = take_in(journal, run, left, ids[i]);
    free(ids);
    if (status != JOURNAL_OK) return status;
    return journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_END_RUN, "i", left));
}

static enum journal_status fold_runs(struct journal *journal, const char *input,
                                     struct journal_run *run)
{
    const char *tenant = journal_tenant(journal);
    int64_t *left;
    size_t count;
    if (tenant == NULL) return JOURNAL_OK;
    enum journal_status status =
        journal_ids(journal,
                    journal_bound(journal, JOURNAL_DO_FIND_LEFT_RUNS, "ttti", input,
                                  journal->server, tenant, (int64_t)journal->identified),
                    &left, &count);
    for (size_t i = 0; status == JOURNAL_OK && i < count; i++)
        status = fold_run(journal, run, left[i]);
    free(left);
    return status;
}

enum journal_status journal_run_begin(struct journal *journal, const char *input,
                                      struct journal_run *run)
{
    *run = (struct journal_run){0};
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK) status = take_run(journal, input, run);
    if (status == JOURNAL_OK) status = fold_runs(journal, input, run);
    return journal_end(journal, status);
}

enum journal_status journal_run_end(struct journal *journal, int64_t run)
{
    journal_log_empty(journal); /* before and not in closing it: few steps are to follow */
    sqlite3_db_config(journal->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status = journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_END_RUN, "i", run));
    return journal_end(journal, status);
}

enum journal_status journal_prune(struct journal *journal, int64_t age_ms)
{
    int64_t before_ms = clock_now_ms() - age_ms;
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status = journal_carry_out(journal,
                                   journal_bound(journal, JOURNAL_DO_PRUNE_RUNS, "i", before_ms));
    if (status == JOURNAL_OK)
        status = journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_PRUNE_INTENTS, "ii",
                                                          before_ms, (int64_t)PRUNED_MAX));
    return journal_end(journal, status);
}
