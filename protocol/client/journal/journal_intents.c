#include "protocol/client/journal/journal.h"

#include "protocol/client/journal/journal_inside.h"
#include "protocol/wire/clock.h"
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

/* What is in an intent's way, as a bound statement (NULL: failed) finds it: its owner first.
 * SQLITE_ROW when something is, and the row is still there to be read. */
static int find_in_the_way(struct journal *journal, struct journal_recording *item,
                           sqlite3_stmt *statement)
{
    int step = statement != NULL ? sqlite3_step(statement) : SQLITE_ERROR;
    if (step != SQLITE_ROW) return step;
    int64_t owner = sqlite3_column_int64(statement, 0);
    item->is_ours = owner == journal->lease.owner;
    item->is_busy = !item->is_ours && lease_is_held(&journal->lease, owner);
    return step;
}

/* By its scope, as nothing is by its key. */
static enum journal_status held(struct journal *journal, struct journal_recording *item)
{
    sqlite3_stmt *row =
        journal_bound(journal, JOURNAL_DO_FIND_SCOPE, "tt", journal->account, item->intent->scope);
    bool found = find_in_the_way(journal, item, row) == SQLITE_ROW;
    enum journal_status status = found ? JOURNAL_OK : journal_failed(journal);
    if (found) {
        item->status = JOURNAL_HELD;
        snprintf(item->holder, sizeof item->holder, "%s", journal_column_text(row, 1));
        snprintf(
            journal->sentence, sizeof journal->sentence,
            N_("%.256s is waiting for confirmation: an earlier attempt to create it has had no "
               "answer yet. See the outbox."),
            item->intent->name);
    }
    journal_done_with(row);
    return status;
}

/* Why the row wasn't put in: the key was used, or else the scope is held. */
static enum journal_status refused(struct journal *journal, struct journal_recording *item)
{
    const struct intent *intent = item->intent;
    sqlite3_stmt *row = journal_bound(journal, JOURNAL_DO_FIND_KEY, "ttt", journal->account,
                                      intent->key, intent->fingerprint);
    int step = find_in_the_way(journal, item, row);
    enum journal_status status =
        step == SQLITE_ROW || step == SQLITE_DONE ? JOURNAL_OK : journal_failed(journal);
    if (step == SQLITE_ROW) {
        bool same = sqlite3_column_int(row, 1) != 0;
        item->status = same ? JOURNAL_USED : JOURNAL_REUSED;
        snprintf(journal->sentence, sizeof journal->sentence,
                 same ? N_("The key %.255s was used before, for this same record.")
                      : N_("The key %.255s was used before, for another intent."),
                 intent->key);
    }
    journal_done_with(row);
    return step == SQLITE_DONE ? held(journal, item) : status;
}

static enum journal_status insert_attempt(struct journal *journal, int64_t id, unsigned attempt)
{
    return journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_INSERT_ATTEMPT, "iii", id,
                                                    (int64_t)attempt, clock_now_ms()));
}

/* JOURNAL_OK also when something was in its way: the item's own status tells. */
static enum journal_status record_one(struct journal *journal, struct journal_recording *item)
{
    const struct intent *intent = item->intent;
    sqlite3_stmt *statement =
        journal_bound(journal, JOURNAL_DO_INSERT_INTENT, "tttttttbiiii", journal->account,
                      intent->key, intent->fingerprint, intent->kind->name, journal->server,
                      intent->name, intent->scope, (const void *)intent->body, intent->body_length,
                      journal->lease.owner, clock_now_ms(), item->run, item->position);
    item->status = JOURNAL_OK;
    if (!journal_carried_out(statement)) return journal_failed(journal);
    if (sqlite3_changes(journal->database) == 0) return refused(journal, item);
    return insert_attempt(journal, sqlite3_last_insert_rowid(journal->database), 1);
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

/* What the journal knows of an intent of this account. */
struct standing {
    int64_t id;
    int64_t owner;
    unsigned attempts;
    bool settled;
    bool arrived; /* an attempt may have reached the server */
};

static enum journal_status say(struct journal *journal, enum journal_status status,
                               const char *sentence)
{
    snprintf(journal->sentence, sizeof journal->sentence, "%s", sentence);
    return status;
}

static enum journal_status find_standing(struct journal *journal, const struct intent *intent,
                                         struct standing *standing)
{
    sqlite3_stmt *row = journal_bound(journal, JOURNAL_DO_FIND_THIS, "ttt", journal->account,
                                      intent->key, intent->fingerprint);
    if (row == NULL) return journal_failed(journal);
    int step = sqlite3_step(row);
    if (step == SQLITE_ROW) {
        enum journal_state state = journal_state_named(journal_column_text(row, 2), false);
        *standing =
            (struct standing){.id = sqlite3_column_int64(row, 0),
                              .owner = sqlite3_column_int64(row, 1),
                              .attempts = (unsigned)sqlite3_column_int64(row, 3),
                              .settled = state != JOURNAL_OPEN && state != JOURNAL_UNCONFIRMED,
                              .arrived = sqlite3_column_int(row, 4) != 0};
    }
    journal_done_with(row);
    if (step == SQLITE_ROW) return JOURNAL_OK;
    return step == SQLITE_DONE
               ? say(journal, JOURNAL_ABSENT, N_("The journal has no such intent of this tenant."))
               : journal_failed(journal);
}

/* SQLITE_ROW: there is one. */
static int find_before(struct journal *journal, enum journal_statement which,
                       const struct intent *intent, int64_t id)
{
    sqlite3_stmt *row = journal_bound(journal, which, "tttti", journal->account, intent->key,
                                      intent->fingerprint, intent->scope, id);
    if (row == NULL) return SQLITE_ERROR;
    int step = sqlite3_step(row);
    journal_done_with(row);
    return step;
}

bool journal_is_stuck(struct journal *journal, const struct intent *intent, int64_t id)
{
    return find_before(journal, JOURNAL_DO_FIND_LEFT_BEFORE, intent, id) == SQLITE_ROW;
}

/* Two that are one number's, or one key's, are sent one after the other. */
static enum journal_status await_turn(struct journal *journal, const struct intent *intent,
                                      int64_t id)
{
    int step = find_before(journal, JOURNAL_DO_FIND_BEFORE, intent, id);
    if (step == SQLITE_DONE) return JOURNAL_OK;
    return step == SQLITE_ROW ? say(journal, JOURNAL_HELD,
                                    N_("Its number is waiting for confirmation of another intent. "
                                       "See the outbox."))
                              : journal_failed(journal);
}

/* Whether an attempt of it may be made by this process now. */
static enum journal_status may_try(struct journal *journal, const struct intent *intent,
                                   struct standing *standing)
{
    enum journal_status status = find_standing(journal, intent, standing);
    if (status != JOURNAL_OK) return status;
    if (standing->settled)
        return say(journal, JOURNAL_SETTLED, N_("It was settled meanwhile, in another window."));
    if (standing->owner != journal->lease.owner && lease_is_held(&journal->lease, standing->owner))
        return say(journal, JOURNAL_HELD, N_("Another window is sending this just now."));
    return await_turn(journal, intent, standing->id);
}

enum journal_status journal_may_send(struct journal *journal, const struct intent *intent)
{
    struct standing standing;
    journal_account_refresh(journal);
    enum journal_status status = may_try(journal, intent, &standing);
    if (status != JOURNAL_OK || standing.owner == journal->lease.owner) return status;
    return say(journal, JOURNAL_HELD, N_("This isn't in this window's hands any more."));
}

static enum journal_status begin_attempt(struct journal *journal, const struct intent *intent,
                                         unsigned *attempt, bool *arrived)
{
    struct standing standing;
    enum journal_status status = may_try(journal, intent, &standing);
    if (status == JOURNAL_OK) status = journal_make_ours(journal, JOURNAL_DO_CLAIM, standing.id);
    if (status != JOURNAL_OK) return status;
    *attempt = standing.attempts + 1;
    *arrived = standing.arrived;
    return insert_attempt(journal, standing.id, *attempt);
}

enum journal_status journal_attempt_begin(struct journal *journal, const struct intent *intent,
                                          unsigned *attempt, bool *arrived)
{
    enum journal_status status = journal_begin(journal, JOURNAL_SYNCED);
    if (status == JOURNAL_OK) status = begin_attempt(journal, intent, attempt, arrived);
    return journal_end(journal, status);
}

static enum journal_status end_attempt(struct journal *journal, const struct intent *intent,
                                       unsigned attempt, enum reply_fate fate, int http_status)
{
    return journal_carry_out(
        journal, journal_bound(journal, JOURNAL_DO_END_ATTEMPT, "tttiitii", journal->account,
                               intent->key, intent->fingerprint, (int64_t)attempt, clock_now_ms(),
                               FATES[fate], (int64_t)http_status, journal->lease.owner));
}

static enum journal_status settle(struct journal *journal, const struct intent *intent,
                                  enum journal_state state, const struct json *result)
{
    char *text =
        result != NULL ? json_write(result) : NULL; /* without memory: settled all the same */
    enum journal_status status = journal_carry_out(
        journal, journal_bound(journal, JOURNAL_DO_SETTLE, "ttttitii", journal->account,
                               intent->key, intent->fingerprint, STATES[state], clock_now_ms(),
                               text, (int64_t)(state == JOURNAL_REPLAYED), journal->lease.owner));
    free(text);
    return status;
}

static enum journal_durability durability_of(enum journal_state state)
{
    return state == JOURNAL_REJECTED ? JOURNAL_SYNCED : JOURNAL_NOT_SYNCED;
}

enum journal_status journal_attempt_end(struct journal *journal, const struct intent *intent,
                                        unsigned attempt, enum reply_fate fate, int http_status)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK) status = end_attempt(journal, intent, attempt, fate, http_status);
    return journal_end(journal, status);
}

enum journal_status journal_settle(struct journal *journal, const struct intent *intent,
                                   enum journal_state state, const struct json *result)
{
    enum journal_status status = journal_begin(journal, durability_of(state));
    if (status == JOURNAL_OK) status = settle(journal, intent, state, result);
    return journal_end(journal, status);
}

enum journal_status journal_end_and_settle(struct journal *journal, const struct intent *intent,
                                           unsigned attempt, enum reply_fate fate, int http_status,
                                           enum journal_state state, const struct json *result)
{
    enum journal_status status = journal_begin(journal, durability_of(state));
    if (status == JOURNAL_OK) status = end_attempt(journal, intent, attempt, fate, http_status);
    if (status == JOURNAL_OK) status = settle(journal, intent, state, result);
    return journal_end(journal, status);
}

enum journal_status journal_see(struct journal *journal, const char *key)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status = journal_carry_out(
            journal, journal_bound(journal, JOURNAL_DO_SEE, "tt", journal->account, key));
    return journal_end(journal, status);
}

enum journal_status journal_see_anywhere(struct journal *journal, const char *key, size_t *count)
{
    *count = 0;
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status =
            journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_SEE_ANYWHERE, "t", key));
    if (status == JOURNAL_OK) *count = (size_t)sqlite3_changes(journal->database);
    return journal_end(journal, status);
}

enum journal_status journal_release(struct journal *journal, const char *key,
                                    const char *fingerprint)
{
    enum journal_status status = journal_begin(journal, JOURNAL_NOT_SYNCED);
    if (status == JOURNAL_OK)
        status = journal_carry_out(journal, journal_bound(journal, JOURNAL_DO_RELEASE, "ttti",
                                                          journal->account, key, fingerprint,
                                                          journal->lease.owner));
    return journal_end(journal, status);
}
