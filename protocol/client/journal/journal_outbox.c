/* The journal's open intents: listed, and taken up by one process of several. */
#include "protocol/client/journal/journal_file.h"
#include "protocol/client/journal/journal_inside.h"
#include "protocol/wire/message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The tenant of an account; *tenant stays NULL where it is a token's own. False: out of memory. */
static bool read_tenant(const char *account, char **tenant)
{
    const char *blank = strchr(account, ' ');
    if (blank != NULL) *tenant = strdup(blank + 1);
    return blank == NULL || *tenant != NULL;
}

/* The columns are those of ENTRY in journal_statements.c. */
static bool fill_entry(const struct journal *journal, sqlite3_stmt *row,
                       struct journal_entry *entry)
{
    bool has_result = sqlite3_column_type(row, 9) != SQLITE_NULL;
    int64_t owner = sqlite3_column_int64(row, 7);
    bool ours = owner == journal->lease.owner;
    *entry = (struct journal_entry){
        .name = strdup(journal_column_text(row, 1)),
        .server = strdup(journal_column_text(row, 2)),
        .state = journal_state_named(journal_column_text(row, 3), sqlite3_column_int(row, 4) != 0),
        .attempts = (unsigned)sqlite3_column_int64(row, 5),
        .created_ms = sqlite3_column_int64(row, 6),
        .ours = ours,
        .busy = !ours && lease_is_held(&journal->lease, owner),
        .result = has_result ? strdup(journal_column_text(row, 9)) : NULL,
        .of_account = strcmp(journal_column_text(row, 10), journal->account) == 0,
    };
    bool good = read_tenant(journal_column_text(row, 10), &entry->tenant);
    snprintf(entry->key, sizeof entry->key, "%s", journal_column_text(row, 0));
    snprintf(entry->fingerprint, sizeof entry->fingerprint, "%s", journal_column_text(row, 8));
    return good && entry->name != NULL && entry->server != NULL &&
           (!has_result || entry->result != NULL);
}

/* SQLITE_DONE when all were read. */
static int read_entries(struct journal *journal, sqlite3_stmt *rows, struct journal_entry **entries,
                        size_t *count)
{
    int step;
    while ((step = sqlite3_step(rows)) == SQLITE_ROW) {
        struct journal_entry *more = realloc(*entries, (*count + 1) * sizeof **entries);
        if (more == NULL) return SQLITE_NOMEM;
        *entries = more;
        if (!fill_entry(journal, rows, &more[(*count)++])) return SQLITE_NOMEM;
    }
    return step;
}

/* Reads what a bound statement (NULL: that failed) gives. */
static enum journal_status list(struct journal *journal, sqlite3_stmt *rows,
                                struct journal_entry **entries, size_t *count)
{
    *entries = NULL;
    *count = 0;
    if (rows == NULL) return journal_failed(journal);
    int step = read_entries(journal, rows, entries, count);
    enum journal_status status = JOURNAL_OK;
    if (step == SQLITE_NOMEM) {
        journal_file_explain_errno(ENOMEM, journal->path, journal->sentence);
        status = JOURNAL_FAILED;
    } else if (step != SQLITE_DONE) {
        status = journal_failed(journal);
    }
    journal_done_with(rows);
    if (status == JOURNAL_OK) return JOURNAL_OK;
    journal_entries_free(*entries, *count);
    *entries = NULL;
    *count = 0;
    return status;
}

enum journal_status journal_list_open(struct journal *journal, struct journal_entry **entries,
                                      size_t *count)
{
    journal_account_refresh(journal);
    return list(journal, journal_bound(journal, JOURNAL_DO_LIST, "t", journal->account), entries,
                count);
}

enum journal_status journal_list_all_open(struct journal *journal, struct journal_entry **entries,
                                          size_t *count)
{
    journal_account_refresh(journal);
    return list(journal, journal_bound(journal, JOURNAL_DO_LIST_ALL, ""), entries, count);
}

enum journal_status journal_list_unseen(struct journal *journal, struct journal_entry **entries,
                                        size_t *count)
{
    journal_account_refresh(journal);
    return list(journal, journal_bound(journal, JOURNAL_DO_LIST_UNSEEN, "t", journal->account),
                entries, count);
}

enum journal_status journal_list_all_unseen(struct journal *journal, struct journal_entry **entries,
                                            size_t *count)
{
    return list(journal, journal_bound(journal, JOURNAL_DO_LIST_ALL_UNSEEN, ""), entries, count);
}

enum journal_status journal_find(struct journal *journal, const char *key, const char *fingerprint,
                                 struct journal_entry **entry)
{
    size_t count;
    journal_account_refresh(journal);
    return list(
        journal,
        journal_bound(journal, JOURNAL_DO_GET_THIS, "ttt", journal->account, key, fingerprint),
        entry, &count);
}

enum journal_status journal_find_placed(struct journal *journal, int64_t run, int64_t position,
                                        struct journal_entry **entry)
{
    size_t count;
    return list(journal, journal_bound(journal, JOURNAL_DO_GET_PLACE, "ii", run, position), entry,
                &count);
}

void journal_entries_free(struct journal_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entries[i].name);
        free(entries[i].server);
        free(entries[i].tenant);
        free(entries[i].result);
    }
    free(entries);
}

/* NULL for one of a kind that this version doesn't know, or that isn't what was recorded. */
static struct intent *thaw_row(sqlite3_stmt *row)
{
    const struct resource *kind = intent_kind_named(journal_column_text(row, 2));
    const char *body = sqlite3_column_blob(row, 3);
    if (kind == NULL || body == NULL) return NULL;
    struct intent *intent =
        intent_thaw(kind, journal_column_text(row, 1), body, (size_t)sqlite3_column_bytes(row, 3));
    if (intent == NULL || strcmp(intent->fingerprint, journal_column_text(row, 4)) == 0)
        return intent;
    intent_free(intent);
    return NULL;
}

enum journal_status journal_read_intent(struct journal *journal, const char *key,
                                        const char *fingerprint, struct intent **intent)
{
    *intent = NULL;
    sqlite3_stmt *row =
        journal_bound(journal, JOURNAL_DO_GET_INTENT, "ttt", journal->account, key, fingerprint);
    if (row == NULL) return journal_failed(journal);
    int step = sqlite3_step(row);
    if (step == SQLITE_ROW) *intent = thaw_row(row);
    enum journal_status status =
        step == SQLITE_ROW || step == SQLITE_DONE ? JOURNAL_OK : journal_failed(journal);
    journal_done_with(row);
    return status;
}

/* The next one on the walk that is free, claimed; *intent stays NULL at the walk's end. */
static enum journal_status claim_next(struct journal *journal, struct intent **intent,
                                      unsigned *attempts)
{
    sqlite3_stmt *rows =
        journal_bound(journal, JOURNAL_DO_WALK, "ti", journal->account, (int64_t)journal->walked);
    if (rows == NULL) return journal_failed(journal);
    int step = SQLITE_ROW;
    int64_t id = 0;
    while (*intent == NULL && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        id = journal->walked = sqlite3_column_int64(rows, 0);
        if (lease_is_held(&journal->lease, sqlite3_column_int64(rows, 5))) continue;
        *attempts = (unsigned)sqlite3_column_int64(rows, 6);
        *intent = thaw_row(rows);
        if (*intent == NULL || !journal_is_stuck(journal, *intent, id)) continue;
        intent_free(*intent);
        *intent = NULL;
    }
    enum journal_status status =
        step == SQLITE_ROW || step == SQLITE_DONE ? JOURNAL_OK : journal_failed(journal);
    journal_done_with(rows);
    if (step == SQLITE_DONE) journal->walked = 0;
    if (status != JOURNAL_OK || *intent == NULL) return status;
    return journal_make_ours(journal, JOURNAL_DO_CLAIM, id);
}

enum journal_status journal_adopt(struct journal *journal, struct intent **intent,
                                  unsigned *attempts)
{
    *intent = NULL;
    *attempts = 0;
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK) status = claim_next(journal, intent, attempts);
    status = journal_end(journal, status);
    if (status == JOURNAL_OK) return status;
    intent_free(*intent);
    *intent = NULL;
    return status;
}

/* Opening a settled one again may meet another open one of its number; of an open one the turn may
 * not have come. */
static enum journal_status open_again(struct journal *journal, const struct intent *intent,
                                      int64_t id, bool settled)
{
    bool waits = settled ? journal_holds_scope(journal, intent->scope)
                         : journal_is_stuck(journal, intent, id);
    if (!waits) return journal_make_ours(journal, JOURNAL_DO_REOPEN, id);
    snprintf(journal->sentence, sizeof journal->sentence,
             N_("Its number is waiting for confirmation of another intent. See the outbox."));
    return JOURNAL_HELD;
}

static enum journal_status claim_same(struct journal *journal, const struct intent *wanted,
                                      struct intent **intent, unsigned *attempts)
{
    sqlite3_stmt *row = journal_bound(journal, JOURNAL_DO_GET_INTENT, "ttt", journal->account,
                                      wanted->key, wanted->fingerprint);
    if (row == NULL) return journal_failed(journal);
    int step = sqlite3_step(row);
    int64_t id = sqlite3_column_int64(row, 0);
    bool held = step == SQLITE_ROW && lease_is_held(&journal->lease, sqlite3_column_int64(row, 5));
    enum journal_state state = journal_state_named(journal_column_text(row, 7), false);
    if (step == SQLITE_ROW && !held) {
        *attempts = (unsigned)sqlite3_column_int64(row, 6);
        *intent = thaw_row(row);
    }
    enum journal_status status =
        step == SQLITE_ROW || step == SQLITE_DONE ? JOURNAL_OK : journal_failed(journal);
    journal_done_with(row);
    if (status != JOURNAL_OK) return status;
    if (*intent != NULL)
        return open_again(journal, *intent, id,
                          state != JOURNAL_OPEN && state != JOURNAL_UNCONFIRMED);
    snprintf(journal->sentence, sizeof journal->sentence,
             held
                 ? N_("Another window is sending this just now.")
                 : N_("The journal has no such intent of this tenant, or one of a newer invonce."));
    return held ? JOURNAL_HELD : JOURNAL_ABSENT;
}

enum journal_status journal_adopt_same(struct journal *journal, const struct intent *wanted,
                                       struct intent **intent, unsigned *attempts)
{
    *intent = NULL;
    *attempts = 0;
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK) status = claim_same(journal, wanted, intent, attempts);
    status = journal_end(journal, status);
    if (status == JOURNAL_OK) return status;
    intent_free(*intent);
    *intent = NULL;
    return status;
}

bool journal_holds_scope(struct journal *journal, const char *scope)
{
    journal_account_refresh(journal);
    sqlite3_stmt *row =
        journal_bound(journal, JOURNAL_DO_FIND_SCOPE, "tt", journal->account, scope);
    bool held = row != NULL && sqlite3_step(row) == SQLITE_ROW;
    journal_done_with(row);
    return held;
}
