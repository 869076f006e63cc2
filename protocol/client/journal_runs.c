/* Runs of one input, and the end of what was settled long ago. */
#include "protocol/client/clock.h"
#include "protocol/client/journal_inside.h"
#include "protocol/wire/message.h"

#include <stdio.h>

#define PRUNED_MAX 1000 /* of the oldest intents are looked at a time: nobody waits for long */

static enum journal_status carry_out(struct journal *journal, sqlite3_stmt *statement)
{
    return journal_carried_out(statement) ? JOURNAL_OK : journal_failed(journal);
}

static enum journal_status insert_run(struct journal *journal, const char *input, int64_t *run)
{
    enum journal_status status =
        carry_out(journal, journal_bound(journal, JOURNAL_DO_INSERT_RUN, "ttii", journal->account,
                                         input, journal->lease.owner, clock_wall_ms()));
    *run = sqlite3_last_insert_rowid(journal->database);
    return status;
}

static enum journal_status take_run(struct journal *journal, const char *input, int64_t *run,
                                    bool *continued)
{
    sqlite3_stmt *statement =
        journal_bound(journal, JOURNAL_DO_FIND_RUN, "tt", journal->account, input);
    if (statement == NULL) return journal_failed(journal);
    int step = sqlite3_step(statement);
    int64_t owner = 0;
    if (step == SQLITE_ROW) {
        *run = sqlite3_column_int64(statement, 0);
        owner = sqlite3_column_int64(statement, 1);
    }
    journal_done_with(statement);
    *continued = step == SQLITE_ROW;
    if (step == SQLITE_DONE) return insert_run(journal, input, run);
    if (step != SQLITE_ROW) return journal_failed(journal);
    if (lease_is_held(&journal->lease, owner)) {
        snprintf(journal->sentence, sizeof journal->sentence,
                 N_("Another invonce is creating these same records just now."));
        return JOURNAL_HELD;
    }
    return carry_out(journal, journal_bound(journal, JOURNAL_DO_OWN_RUN, "iii", *run,
                                            journal->lease.owner, clock_wall_ms()));
}

enum journal_status journal_run_begin(struct journal *journal, const char *input, int64_t *run,
                                      bool *continued)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK) status = take_run(journal, input, run, continued);
    return journal_end(journal, status);
}

enum journal_status journal_run_end(struct journal *journal, int64_t run)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status = carry_out(journal, journal_bound(journal, JOURNAL_DO_END_RUN, "i", run));
    return journal_end(journal, status);
}

enum journal_status journal_prune(struct journal *journal, int64_t age_ms)
{
    int64_t before_ms = clock_wall_ms() - age_ms;
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status = carry_out(journal, journal_bound(journal, JOURNAL_DO_PRUNE_RUNS, "i", before_ms));
    if (status == JOURNAL_OK)
        status = carry_out(journal, journal_bound(journal, JOURNAL_DO_PRUNE_INTENTS, "ii",
                                                  before_ms, (int64_t)PRUNED_MAX));
    return journal_end(journal, status);
}
