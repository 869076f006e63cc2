#include "protocol/client/journal.h"

#include "protocol/client/clock.h"
#include "protocol/client/journal_inside.h"
#include "protocol/wire/json.h"
#include "protocol/wire/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *journal_sentence(const struct journal *journal)
{
    return journal->sentence;
}

/* --- one intent's way --- */

/* `statement` is bound, or NULL when that failed. */
static enum journal_status carry_out(struct journal *journal, sqlite3_stmt *statement)
{
    return journal_carried_out(statement) ? JOURNAL_OK : journal_failed(journal);
}

static const char *const STATES[] = {
    [JOURNAL_OPEN] = N_("open"),     [JOURNAL_UNCONFIRMED] = "unconfirmed",
    [JOURNAL_CREATED] = "created",   [JOURNAL_REPLAYED] = "created",
    [JOURNAL_CONFLICT] = "conflict", [JOURNAL_REJECTED] = "rejected",
};

const char *journal_state_name(enum journal_state state)
{
    return STATES[state];
}

enum journal_state journal_state_named(const char *name, bool replayed)
{
    for (int state = JOURNAL_OPEN; state < JOURNAL_REJECTED; state++)
        if (strcmp(STATES[state], name) == 0)
            return state == JOURNAL_CREATED && replayed ? JOURNAL_REPLAYED
                                                        : (enum journal_state)state;
    return JOURNAL_REJECTED;
}

static const char *const FATES[] = {
    [REPLY_NOT_SENT] = "not sent", [REPLY_UNKNOWN] = "unknown", [REPLY_WHOLE] = "whole"};

/* Looks for what is in an intent's way, by its key or its scope. The first two columns of `which`
 * are the owner and, for a scope, the key. False when it isn't that. */
static bool is_in_the_way(struct journal *journal, struct journal_recording *item,
                          enum journal_statement which, const char *what)
{
    sqlite3_stmt *statement = journal_bound(journal, which, "tt", journal->account, what);
    bool found = statement != NULL && sqlite3_step(statement) == SQLITE_ROW;
    if (found) {
        int64_t owner = sqlite3_column_int64(statement, 0);
        item->is_ours = owner == journal->lease.owner;
        item->is_busy = !item->is_ours && lease_is_held(&journal->lease, owner);
        if (which == JOURNAL_DO_FIND_SCOPE)
            snprintf(item->holder, sizeof item->holder, "%s", journal_column_text(statement, 1));
    }
    if (statement != NULL) journal_done_with(statement);
    return found;
}

/* Which unique constraint refused the row: the key was used, or else the scope is held. */
static enum journal_status refused(struct journal *journal, struct journal_recording *item)
{
    const struct intent *intent = item->intent;
    if ((sqlite3_extended_errcode(journal->database) & 0xFF) != SQLITE_CONSTRAINT)
        return journal_failed(journal);
    if (is_in_the_way(journal, item, JOURNAL_DO_FIND_KEY, intent->key)) {
        snprintf(journal->sentence, sizeof journal->sentence,
                 N_("The key %.255s was used before, for another intent."), intent->key);
        item->status = JOURNAL_USED;
    } else if (is_in_the_way(journal, item, JOURNAL_DO_FIND_SCOPE, intent->scope)) {
        snprintf(
            journal->sentence, sizeof journal->sentence,
            N_("%.256s is waiting for confirmation: an earlier attempt to create it has had no "
               "answer yet. See the outbox."),
            intent->name);
        item->status = JOURNAL_HELD;
    } else {
        return journal_failed(journal);
    }
    return JOURNAL_OK;
}

static enum journal_status insert_attempt(struct journal *journal, const char *key,
                                          unsigned attempt)
{
    return journal_carried_out(journal_bound(journal, JOURNAL_DO_INSERT_ATTEMPT, "ttii",
                                             journal->account, key, (int64_t)attempt,
                                             clock_wall_ms()))
               ? JOURNAL_OK
               : journal_failed(journal);
}

/* JOURNAL_OK also when a constraint refused it: the item's own status tells. */
static enum journal_status record_one(struct journal *journal, struct journal_recording *item)
{
    const struct intent *intent = item->intent;
    sqlite3_stmt *statement =
        journal_bound(journal, JOURNAL_DO_INSERT_INTENT, "ttttttbtiiii", journal->account,
                      intent->key, intent->kind->name, journal->server, intent->name, intent->scope,
                      (const void *)intent->body, intent->body_length, intent->fingerprint,
                      journal->lease.owner, clock_wall_ms(), item->run, item->position);
    item->status = JOURNAL_OK;
    if (!journal_carried_out(statement)) return refused(journal, item);
    return insert_attempt(journal, intent->key, 1);
}

enum journal_status journal_record_all(struct journal *journal, struct journal_recording *items,
                                       size_t count)
{
    enum journal_status status = journal_begin(journal, JOURNAL_SYNCED);
    for (size_t i = 0; status == JOURNAL_OK && i < count; i++)
        status = record_one(journal, &items[i]);
    status = journal_end(journal, status);
    for (size_t i = 0; status != JOURNAL_OK && i < count; i++)
        items[i].status = status;
    return status;
}

enum journal_status journal_record(struct journal *journal, const struct intent *intent)
{
    struct journal_recording item = {.intent = intent};
    journal_record_all(journal, &item, 1);
    return item.status;
}

/* Makes the intent this process's, unless another living one has it or it was rejected: sending
 * that again could make what someone was told is not there. */
static enum journal_status claim(struct journal *journal, const char *key)
{
    sqlite3_stmt *statement =
        journal_bound(journal, JOURNAL_DO_FIND_KEY, "tt", journal->account, key);
    if (statement == NULL) return journal_failed(journal);
    int step = sqlite3_step(statement);
    int64_t owner = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    bool rejected = step == SQLITE_ROW &&
                    strcmp(journal_column_text(statement, 1), STATES[JOURNAL_REJECTED]) == 0;
    journal_done_with(statement);
    if (step != SQLITE_ROW && step != SQLITE_DONE) return journal_failed(journal);
    if (step == SQLITE_DONE || rejected) {
        snprintf(journal->sentence, sizeof journal->sentence, "%s",
                 rejected ? N_("This was rejected meanwhile, in another window.")
                          : N_("The journal has no such intent of this tenant."));
        return JOURNAL_FAILED;
    }
    if (owner != journal->lease.owner && lease_is_held(&journal->lease, owner)) {
        snprintf(journal->sentence, sizeof journal->sentence,
                 N_("Another window is sending this just now."));
        return JOURNAL_HELD;
    }
    return journal_carried_out(journal_bound(journal, JOURNAL_DO_CLAIM, "tti", journal->account,
                                             key, journal->lease.owner))
               ? JOURNAL_OK
               : journal_failed(journal);
}

bool journal_holds(struct journal *journal, const char *key)
{
    sqlite3_stmt *statement =
        journal_bound(journal, JOURNAL_DO_FIND_OPEN, "tt", journal->account, key);
    bool holds = statement != NULL && sqlite3_step(statement) == SQLITE_ROW;
    if (statement != NULL) journal_done_with(statement);
    return holds;
}

enum journal_status journal_attempt_begin(struct journal *journal, const char *key,
                                          unsigned attempt)
{
    enum journal_status status = journal_begin(journal, JOURNAL_SYNCED);
    if (status == JOURNAL_OK) status = claim(journal, key);
    if (status == JOURNAL_OK) status = insert_attempt(journal, key, attempt);
    return journal_end(journal, status);
}

static enum journal_status end_attempt(struct journal *journal, const char *key, unsigned attempt,
                                       enum reply_fate fate, int http_status)
{
    return carry_out(journal, journal_bound(journal, JOURNAL_DO_END_ATTEMPT, "ttiiti",
                                            journal->account, key, (int64_t)attempt,
                                            clock_wall_ms(), FATES[fate], (int64_t)http_status));
}

static enum journal_status settle(struct journal *journal, const char *key,
                                  enum journal_state state, const json_t *result)
{
    char *text =
        result != NULL ? json_write(result) : NULL; /* without memory: settled all the same */
    enum journal_status status =
        carry_out(journal, journal_bound(journal, JOURNAL_DO_SETTLE, "tttiti", journal->account,
                                         key, STATES[state], clock_wall_ms(), text,
                                         (int64_t)(state == JOURNAL_REPLAYED)));
    free(text);
    return status;
}

static enum journal_durability durability_of(enum journal_state state)
{
    return state == JOURNAL_REJECTED ? JOURNAL_SYNCED : JOURNAL_NOT_SYNCED;
}

enum journal_status journal_attempt_end(struct journal *journal, const char *key, unsigned attempt,
                                        enum reply_fate fate, int http_status)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK) status = end_attempt(journal, key, attempt, fate, http_status);
    return journal_end(journal, status);
}

enum journal_status journal_settle(struct journal *journal, const char *key,
                                   enum journal_state state, const json_t *result)
{
    enum journal_status status = journal_begin(journal, durability_of(state));
    if (status == JOURNAL_OK) status = settle(journal, key, state, result);
    return journal_end(journal, status);
}

enum journal_status journal_end_and_settle(struct journal *journal, const char *key,
                                           unsigned attempt, enum reply_fate fate, int http_status,
                                           enum journal_state state, const json_t *result)
{
    enum journal_status status = journal_begin(journal, durability_of(state));
    if (status == JOURNAL_OK) status = end_attempt(journal, key, attempt, fate, http_status);
    if (status == JOURNAL_OK) status = settle(journal, key, state, result);
    return journal_end(journal, status);
}

enum journal_status journal_see(struct journal *journal, const char *key)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status =
            carry_out(journal, journal_bound(journal, JOURNAL_DO_SEE, "tt", journal->account, key));
    return journal_end(journal, status);
}

enum journal_status journal_see_anywhere(struct journal *journal, const char *key, size_t *count)
{
    *count = 0;
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status = carry_out(journal, journal_bound(journal, JOURNAL_DO_SEE_ANYWHERE, "t", key));
    if (status == JOURNAL_OK) *count = (size_t)sqlite3_changes(journal->database);
    return journal_end(journal, status);
}

enum journal_status journal_release(struct journal *journal, const char *key)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status = carry_out(journal,
                           journal_bound(journal, JOURNAL_DO_RELEASE, "tt", journal->account, key));
    return journal_end(journal, status);
}
