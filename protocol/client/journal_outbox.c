/* The journal's open intents: listed, and taken up by one process of several. */
#include "protocol/client/journal_file.h"
#include "protocol/client/journal_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum journal_state state_named(const char *name)
{
    return strcmp(name, "unconfirmed") == 0 ? JOURNAL_UNCONFIRMED : JOURNAL_OPEN;
}

static bool fill_entry(const struct journal *journal, sqlite3_stmt *row,
                       struct journal_entry *entry)
{
    *entry = (struct journal_entry){
        .name = strdup(journal_column_text(row, 1)),
        .server = strdup(journal_column_text(row, 2)),
        .state = state_named(journal_column_text(row, 3)),
        .attempts = (unsigned)sqlite3_column_int64(row, 4),
        .created_ms = sqlite3_column_int64(row, 5),
        .busy = lease_is_held(&journal->lease, sqlite3_column_int64(row, 6)),
    };
    snprintf(entry->key, sizeof entry->key, "%s", journal_column_text(row, 0));
    return entry->name != NULL && entry->server != NULL;
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

enum journal_status journal_list_open(struct journal *journal, struct journal_entry **entries,
                                      size_t *count)
{
    *entries = NULL;
    *count = 0;
    sqlite3_stmt *rows = journal_bound(journal, JOURNAL_DO_LIST, "t", journal->account);
    if (rows == NULL) return journal_failed(journal);
    int step = read_entries(journal, rows, entries, count);
    if (step == SQLITE_NOMEM)
        journal_file_explain_errno(ENOMEM, journal->path, journal->sentence);
    else if (step != SQLITE_DONE)
        journal_failed(journal);
    journal_done_with(rows);
    if (step == SQLITE_DONE) return JOURNAL_OK;
    journal_entries_free(*entries, *count);
    *entries = NULL;
    *count = 0;
    return JOURNAL_FAILED;
}

void journal_entries_free(struct journal_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entries[i].name);
        free(entries[i].server);
    }
    free(entries);
}

/* NULL for one of a kind that this version doesn't know, or that isn't what was recorded. */
static struct intent *thaw_row(sqlite3_stmt *row)
{
    const struct intent_kind *kind = intent_kind_named(journal_column_text(row, 2));
    const char *body = sqlite3_column_blob(row, 3);
    if (kind == NULL || body == NULL) return NULL;
    struct intent *intent =
        intent_thaw(kind, journal_column_text(row, 1), body, (size_t)sqlite3_column_bytes(row, 3));
    if (intent == NULL || strcmp(intent->fingerprint, journal_column_text(row, 4)) == 0)
        return intent;
    intent_free(intent);
    return NULL;
}

/* The next one on the walk that is free, claimed; *intent stays NULL at the walk's end. */
static enum journal_status claim_next(struct journal *journal, struct intent **intent,
                                      unsigned *attempts)
{
    sqlite3_stmt *rows =
        journal_bound(journal, JOURNAL_DO_WALK, "ti", journal->account, (int64_t)journal->walked);
    if (rows == NULL) return journal_failed(journal);
    int step = SQLITE_ROW;
    while (*intent == NULL && (step = sqlite3_step(rows)) == SQLITE_ROW) {
        journal->walked = sqlite3_column_int64(rows, 0);
        if (lease_is_held(&journal->lease, sqlite3_column_int64(rows, 5))) continue;
        *attempts = (unsigned)sqlite3_column_int64(rows, 6);
        *intent = thaw_row(rows);
    }
    enum journal_status status =
        step == SQLITE_ROW || step == SQLITE_DONE ? JOURNAL_OK : journal_failed(journal);
    journal_done_with(rows);
    if (step == SQLITE_DONE) journal->walked = 0;
    if (status != JOURNAL_OK || *intent == NULL) return status;
    return journal_carried_out(journal_bound(journal, JOURNAL_DO_CLAIM, "tti", journal->account,
                                             (*intent)->key, journal->lease.owner))
               ? JOURNAL_OK
               : journal_failed(journal);
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
