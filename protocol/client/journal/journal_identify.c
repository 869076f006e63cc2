/* The server says whose the token is: what was recorded before that was known becomes the tenant's,
 * and what another token left that was never named, where somebody says so. */
#include "protocol/client/journal/journal_inside.h"
#include "protocol/wire/message.h"

#include <stdio.h>
#include <string.h>

/* Whether this account has all that an earlier time left to it. */
static bool is_joined(struct journal *journal, const char *tenant)
{
    sqlite3_stmt *left =
        journal_bound(journal, JOURNAL_DO_FIND_NAMED, "tt", journal->server, tenant);
    bool none = left != NULL && sqlite3_step(left) == SQLITE_DONE;
    journal_done_with(left);
    return none;
}

static enum journal_status name_and_join(struct journal *journal, const char *tenant)
{
    enum journal_status status =
        journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_SET_TENANT, "ttt",
                                                 journal->credential, journal->server, tenant));
    if (status != JOURNAL_OK) return status;
    journal_account_name(journal, tenant);
    status = journal_join_all(
        journal, journal_bound(journal, JOURNAL_DO_FIND_NAMED, "tt", journal->server, tenant));
    if (status != JOURNAL_OK) return status;
    return journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_MOVE_RUNS, "ttt",
                                                    journal->account, journal->server, tenant));
}

/* On disk before a byte is sent: what is a token's and no tenant's was never sent. */
static enum journal_status learn(struct journal *journal, const char *tenant)
{
    enum journal_status status = journal_begin(journal, JOURNAL_SYNCED);
    if (status == JOURNAL_OK) status = name_and_join(journal, tenant);
    return journal_end(journal, status);
}

/* As it was told before: nothing is written. */
static bool is_known(struct journal *journal, const char *tenant)
{
    journal_account_refresh(journal);
    const char *known = journal_tenant(journal);
    return known != NULL && strcmp(known, tenant) == 0 && is_joined(journal, tenant);
}

enum journal_status journal_identify(struct journal *journal, const char *tenant)
{
    size_t length = strlen(tenant);
    if (length == 0 || length > JOURNAL_TENANT_MAX) {
        snprintf(journal->sentence, sizeof journal->sentence,
                 N_("The server names no tenant, or one that is too long."));
        return JOURNAL_FAILED;
    }
    char before[JOURNAL_ACCOUNT_SIZE];
    memcpy(before, journal->account, sizeof before);
    enum journal_status status = is_known(journal, tenant) ? JOURNAL_OK : learn(journal, tenant);
    if (status != JOURNAL_OK) memcpy(journal->account, before, sizeof before);
    journal->identified = status == JOURNAL_OK;
    return status;
}

enum journal_status journal_count_unnamed(struct journal *journal, size_t *count)
{
    sqlite3_stmt *row = journal_bound(journal, JOURNAL_DO_COUNT_UNNAMED, "tt", journal->server,
                                      journal->credential);
    *count = 0;
    if (row == NULL) return journal_failed(journal);
    bool good = sqlite3_step(row) == SQLITE_ROW;
    if (good) *count = (size_t)sqlite3_column_int64(row, 0);
    journal_done_with(row);
    return good ? JOURNAL_OK : journal_failed(journal);
}

/* Joins what `which` finds, if it was told here whose this account is. */
static enum journal_status take_over(struct journal *journal, enum journal_statement which,
                                     const struct intent *intent)
{
    enum journal_status status = journal_begin(journal, JOURNAL_SYNCED);
    if (status != JOURNAL_OK) return status;
    sqlite3_stmt *ids =
        intent == NULL ? journal_bound(journal, which, "tt", journal->server, journal->credential)
                       : journal_bound(journal, which, "tttt", journal->server, journal->credential,
                                       intent->key, intent->fingerprint);
    return journal_end(journal, journal_join_all(journal, ids));
}

enum journal_status journal_take_over(struct journal *journal)
{
    if (!journal->identified) {
        snprintf(journal->sentence, sizeof journal->sentence,
                 N_("The server hasn't said whose the token is: nothing is taken over."));
        return JOURNAL_FAILED;
    }
    return take_over(journal, JOURNAL_DO_FIND_UNNAMED, NULL);
}

enum journal_status journal_take_over_one(struct journal *journal, const struct intent *intent)
{
    size_t count;
    enum journal_status status = journal_count_unnamed(journal, &count);
    if (status != JOURNAL_OK || count == 0 || !journal->identified) return status;
    return take_over(journal, JOURNAL_DO_FIND_UNNAMED_SAME, intent);
}

enum journal_certainty journal_certainty(const struct journal *journal)
{
    if (journal->identified) return JOURNAL_TOLD;
    return strcmp(journal->account, journal->credential) == 0 ? JOURNAL_UNTOLD : JOURNAL_REMEMBERED;
}
