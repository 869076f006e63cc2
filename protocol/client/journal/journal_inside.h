/* What the journal's own files share: the open file, its statements, its transactions. */
#ifndef INVONCE_CLIENT_JOURNAL_INSIDE_H
#define INVONCE_CLIENT_JOURNAL_INSIDE_H

#include "protocol/client/journal/journal.h"
#include "protocol/client/journal/journal_file.h"
#include "protocol/client/journal/lease.h"
#include "protocol/client/origin.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_CREDENTIAL_SIZE 65 /* SHA-256 as hex, and its NUL */
#define JOURNAL_TENANT_MAX      255
#define JOURNAL_ACCOUNT_SIZE    (ORIGIN_TEXT_SIZE + JOURNAL_TENANT_MAX + 1)

enum journal_statement {
    JOURNAL_DO_READ_SECRET,
    JOURNAL_DO_BEGIN,
    JOURNAL_DO_COMMIT,
    JOURNAL_DO_ROLLBACK,
    JOURNAL_DO_INSERT_INTENT,
    JOURNAL_DO_INSERT_ATTEMPT,
    JOURNAL_DO_FIND_SCOPE,
    JOURNAL_DO_FIND_KEY,
    JOURNAL_DO_FIND_THIS,
    JOURNAL_DO_FIND_BEFORE,
    JOURNAL_DO_FIND_LEFT_BEFORE,
    JOURNAL_DO_CLAIM,
    JOURNAL_DO_END_ATTEMPT,
    JOURNAL_DO_SETTLE,
    JOURNAL_DO_RELEASE,
    JOURNAL_DO_LIST,
    JOURNAL_DO_WALK,
    JOURNAL_DO_LIST_ALL,
    JOURNAL_DO_LIST_UNSEEN,
    JOURNAL_DO_LIST_ALL_UNSEEN,
    JOURNAL_DO_SEE,
    JOURNAL_DO_SEE_ANYWHERE,
    JOURNAL_DO_GET_THIS,
    JOURNAL_DO_GET_PLACE,
    JOURNAL_DO_GET_INTENT,
    JOURNAL_DO_REOPEN,
    JOURNAL_DO_FIND_TENANT,
    JOURNAL_DO_SET_TENANT,
    JOURNAL_DO_FIND_NAMED,
    JOURNAL_DO_COUNT_UNNAMED,
    JOURNAL_DO_FIND_UNNAMED,
    JOURNAL_DO_FIND_UNNAMED_SAME,
    JOURNAL_DO_FIND_TWIN,
    JOURNAL_DO_MOVE_INTENT,
    JOURNAL_DO_CLOSE_ATTEMPTS,
    JOURNAL_DO_MOVE_ATTEMPTS,
    JOURNAL_DO_TAKE_OUTCOME,
    JOURNAL_DO_TAKE_OWNER,
    JOURNAL_DO_DELETE_INTENT,
    JOURNAL_DO_PLACE,
    JOURNAL_DO_LEAVE_PLACE,
    JOURNAL_DO_MOVE_RUNS,
    JOURNAL_DO_FIND_RUN,
    JOURNAL_DO_FIND_LEFT_RUNS,
    JOURNAL_DO_FIND_OF_RUN,
    JOURNAL_DO_FIND_ACCOUNT,
    JOURNAL_DO_CHANGE_RUN,
    JOURNAL_DO_FIND_REDUNDANT,
    JOURNAL_DO_INSERT_RUN,
    JOURNAL_DO_OWN_RUN,
    JOURNAL_DO_END_RUN,
    JOURNAL_DO_PRUNE_RUNS,
    JOURNAL_DO_PRUNE_INTENTS,
    JOURNAL_DO_SAVE_DRAFT,
    JOURNAL_DO_DROP_DRAFT,
    JOURNAL_DO_THROW_DRAFT,
    JOURNAL_DO_DROP_THROWN,
    JOURNAL_DO_FIND_DRAFTS,
    JOURNAL_DO_TAKE_DRAFT,
    JOURNAL_STATEMENTS
};

struct journal {
    char *path;
    sqlite3 *database;          /* NULL: it isn't open yet */
    struct journal_files files; /* that it writes to */
    int log_pages;              /* in SQLite's log after the last commit */
    int log_moved_at;           /* … what it was when they were last moved */
    sqlite3_stmt *statements[JOURNAL_STATEMENTS];
    struct lease lease;
    struct journal_patience patience;
    int64_t locked_ms; /* since when it is found locked; 0: it isn't */
    bool told;         /* … and that was told */
    char *token;       /* until it is open; NULL: none, or it is */
    char server[ORIGIN_TEXT_SIZE];
    char credential[JOURNAL_CREDENTIAL_SIZE]; /* server and token, as a keyed hash */
    char account[JOURNAL_ACCOUNT_SIZE];       /* server and tenant; the credential until known */
    bool identified;                          /* in this process */
    bool lax;                                 /* commits aren't synced */
    bool gathering;                           /* between journal_gather and journal_commit */
    bool gathered;                            /* … something was: the transaction is open */
    bool spoilt;                              /* … and something failed */
    sqlite3_int64 walked;                     /* id of the last intent that journal_adopt gave */
    char sentence[JOURNAL_SENTENCE_MAX];
};

/* Reads whose intents are meant into credential and account. False with a sentence. */
bool journal_account_read(struct journal *journal, const char *token);

/* The account is that tenant's from here on. */
void journal_account_name(struct journal *journal, const char *tenant);

/* Another process may have learnt the tenant meanwhile: first thing in each transaction. */
void journal_account_refresh(struct journal *journal);

/* The tenant of this account; NULL while it is the token itself. */
const char *journal_tenant(const struct journal *journal);

/* Whether an older open intent of its scope or key waits for confirmation and nobody sees to it
 * just now: then its turn doesn't come. */
bool journal_is_stuck(struct journal *journal, const struct intent *intent, int64_t id);

/* Makes the intent this process's, by a statement of an id and an owner; what an owner before it
 * left of an attempt is at an end. */
enum journal_status journal_make_ours(struct journal *journal, enum journal_statement how,
                                      int64_t id);

/* Makes the intents, whose ids a bound statement (NULL: failed) gives, this account's; what that
 * has already is one with it. Within a transaction. */
enum journal_status journal_join_all(struct journal *journal, sqlite3_stmt *ids);

/* The same for one; *into is its id then. */
enum journal_status journal_join(struct journal *journal, int64_t id, int64_t *into);

/* Makes one intent of two. */
enum journal_status journal_merge(struct journal *journal, int64_t id, int64_t into);

/* The first column of all rows of a bound statement (NULL: failed), owned by the caller. */
enum journal_status journal_ids(struct journal *journal, sqlite3_stmt *rows, int64_t **ids,
                                size_t *count);

/* Carries out a bound statement (NULL: failed) that gives no rows. */
enum journal_status journal_carry_out(struct journal *journal, sqlite3_stmt *statement);

/* The state of that word. */
enum journal_state journal_state_named(const char *name, bool replayed);

/* What a try came to: JOURNAL_LOCKED that is to be waited for (then a little time has passed), or
 * not. Where patience is at its end, or it is to stop, LOCKED becomes FAILED. */
bool journal_waits(struct journal *journal, enum journal_status *status);

/* Puts SQLite's last error into the sentence: JOURNAL_LOCKED or JOURNAL_FAILED. */
enum journal_status journal_failed(struct journal *journal);

/* Prepares and binds ?1, ?2 … by a letter each: t text (NULL allowed), i int64_t, b bytes and their
 * size_t. Everything is borrowed until journal_done_with (NULL: nothing). NULL on failure. */
sqlite3_stmt *journal_bound(struct journal *journal, enum journal_statement which,
                            const char *types, ...);
void journal_done_with(sqlite3_stmt *statement);

/* Carries out a bound statement (NULL: false) that gives no rows. */
bool journal_carried_out(sqlite3_stmt *statement);

/* "" for NULL. Borrowed until the next step. */
const char *journal_column_text(sqlite3_stmt *statement, int column);

/* A write transaction; what it commits is on disk at its end, or at that of the next synced one.
 * Between journal_gather and journal_commit all are one. */
enum journal_durability { JOURNAL_SYNCED, JOURNAL_NOT_SYNCED };
enum journal_status journal_begin(struct journal *journal, enum journal_durability durability);

/* Commits on JOURNAL_OK, else rolls back; gives the status on. */
enum journal_status journal_end(struct journal *journal, enum journal_status status);

#endif
