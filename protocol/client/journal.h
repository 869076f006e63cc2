/* The journal: every intent on disk before its first byte is sent, and what became of it after.
 * SQLite in the state directory, mode 0600, shared by every terminal of one operator. */
#ifndef INVONCE_CLIENT_JOURNAL_H
#define INVONCE_CLIENT_JOURNAL_H

#include "protocol/client/intent.h"
#include "protocol/client/reply.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_SENTENCE_MAX 400

struct journal;

/* Who the intents are for. An intent is never sent for another account than the one it was recorded
 * for. */
struct journal_account {
    const char *server; /* origin: "http://127.0.0.1:8420" */
    const char *token; /* kept only as a keyed hash, by a random key of the journal's; NULL: none */
};

/* How calls wait for another program that has the journal locked. Without patience they don't: what
 * would have to wait is JOURNAL_LOCKED within a moment (JOURNAL_MOMENT_MS). */
struct journal_patience {
    int64_t budget_ms;                  /* it may be locked for so long on end; 0: no patience */
    void (*tell)(const char *sentence); /* what is waited for, once a second has passed */
    int interrupt;                      /* a descriptor: readable when it is to stop; -1: none */
};
#define JOURNAL_MOMENT_MS 30

/* Opens (makes) the file at `path` and its directory; beside it stand SQLite's own two and one that
 * tells which processes live. For one thread. Not to be carried across fork. NULL with a sentence
 * that says what was wrong and what to do. Without patience a journal that is locked is opened
 * later: see journal_ready. */
struct journal *journal_open(const char *path, const struct journal_account *account,
                             char sentence[JOURNAL_SENTENCE_MAX]);
struct journal *journal_open_patiently(const char *path, const struct journal_account *account,
                                       const struct journal_patience *patience,
                                       char sentence[JOURNAL_SENTENCE_MAX]);
void journal_close(struct journal *journal);

enum journal_status {
    JOURNAL_OK,
    JOURNAL_HELD,   /* an open intent has this scope: it is waiting for confirmation */
    JOURNAL_USED,   /* the journal has this key already */
    JOURNAL_LOCKED, /* another program has it locked. Nothing was done; it may be tried again */
    JOURNAL_FAILED, /* the disk, the file: journal_sentence() says, for LOCKED too */
};

/* JOURNAL_OK once it is open. JOURNAL_LOCKED: it was locked so far, and was tried once more; until
 * it is open nothing else can be had of it. */
enum journal_status journal_ready(struct journal *journal);

/* The server has said whose the token is. From here on the account is that tenant's, whatever token
 * was used, and what was recorded with this token before that was known belongs to it too. The
 * journal remembers it. Until then the account is the token itself. */
enum journal_status journal_identify(struct journal *journal, const char *tenant);

/* How well it is known, in this process, whose the token is. */
enum journal_certainty {
    JOURNAL_TOLD,       /* journal_identify was called */
    JOURNAL_REMEMBERED, /* the account is a tenant by what the server said in an earlier time */
    JOURNAL_UNTOLD,     /* it never said: the account is the token itself */
};
enum journal_certainty journal_certainty(const struct journal *journal);

/* An open intent of this account has that key. */
bool journal_holds(struct journal *journal, const char *key);

/* Puts the intent on disk, durably, as this process's, with its first attempt begun: one commit
 * before the first byte. On anything but JOURNAL_OK nothing was recorded and nothing may be sent.
 */
enum journal_status journal_record(struct journal *journal, const struct intent *intent);

/* One of several intents that are recorded with one commit. */
struct journal_recording {
    const struct intent *intent;
    int64_t run, position; /* 0, 0: part of no run */
    enum journal_status status;
    char holder[IDEMPOTENCY_KEY_SIZE]; /* HELD: the intent that waits for confirmation */
    bool is_ours; /* HELD, USED: this process is seeing to the one in the way … */
    bool is_busy; /* … or another living one is */
};

/* As journal_record for each, all with one commit. JOURNAL_FAILED: none was recorded. */
enum journal_status journal_record_all(struct journal *journal, struct journal_recording *items,
                                       size_t count);

/* An attempt begins: durable before its first byte, and this process's from here on. JOURNAL_HELD
 * when another living process sees to the intent. On anything but JOURNAL_OK nothing may be sent.
 */
enum journal_status journal_attempt_begin(struct journal *journal, const char *key,
                                          unsigned attempt);

/* It has ended. Not synced: what is lost with the power is asked again, with the same key. */
enum journal_status journal_attempt_end(struct journal *journal, const char *key, unsigned attempt,
                                        enum reply_fate fate, int http_status);

enum journal_state {
    JOURNAL_OPEN,
    JOURNAL_UNCONFIRMED,
    JOURNAL_CREATED,
    JOURNAL_REPLAYED, /* created, by an earlier attempt than the one that was answered */
    JOURNAL_CONFLICT,
    JOURNAL_REJECTED
};

/* The word for it in the outbox: "open", "unconfirmed", "created" (REPLAYED too), "conflict",
 * "rejected". */
const char *journal_state_name(enum journal_state state);

/* How it ended, with the record or the problem (NULL: none). Never JOURNAL_OPEN. UNCONFIRMED stays
 * open, and the process lets it go, so that any may take it up. REJECTED is durable on return, as
 * sending it again could make what the operator was told is not there; the others needn't be: the
 * same key gets the same answer again. */
enum journal_status journal_settle(struct journal *journal, const char *key,
                                   enum journal_state state, const json_t *result);

/* How its last attempt ended, and how it did: both with one commit. */
enum journal_status journal_end_and_settle(struct journal *journal, const char *key,
                                           unsigned attempt, enum reply_fate fate, int http_status,
                                           enum journal_state state, const json_t *result);

/* Lets an open intent go unfinished, so that any process may take it up. */
enum journal_status journal_release(struct journal *journal, const char *key);

/* What the journal knows of an intent. */
struct journal_entry {
    char key[IDEMPOTENCY_KEY_SIZE];
    char *name;
    char *server;
    enum journal_state state;
    unsigned attempts;
    int64_t created_ms; /* wall clock */
    bool ours;          /* this process is seeing to it, or was and couldn't write down the end */
    bool busy;          /* another living process is seeing to it */
    char fingerprint[FINGERPRINT_TEXT_SIZE];
    char *result; /* the record or the problem that settled it, as JSON; NULL: none */
};

/* All that are open, oldest first: for this account, or for any. The caller frees with
 * journal_entries_free. */
enum journal_status journal_list_open(struct journal *journal, struct journal_entry **entries,
                                      size_t *count);
enum journal_status journal_list_all_open(struct journal *journal, struct journal_entry **entries,
                                          size_t *count);

/* Those that ended as a conflict or rejected, and that nobody has been told of: they stay until
 * somebody has. For this account, or for any; as above. */
enum journal_status journal_list_unseen(struct journal *journal, struct journal_entry **entries,
                                        size_t *count);
enum journal_status journal_list_all_unseen(struct journal *journal, struct journal_entry **entries,
                                            size_t *count);

/* The person has seen how it ended. Nothing happens to another one. */
enum journal_status journal_see(struct journal *journal, const char *key);

/* The same whichever account has the key; *count says how many it was news of. */
enum journal_status journal_see_anywhere(struct journal *journal, const char *key, size_t *count);

/* What was frozen under that key, in whatever state it is now; *intent is NULL when there is none
 * that this version can read. The caller frees with intent_free. */
enum journal_status journal_read_intent(struct journal *journal, const char *key,
                                        struct intent **intent);

void journal_entries_free(struct journal_entry *entries, size_t count);

/* The intent with that key, or at that place of a run. *entry is NULL when there is none; else to
 * be freed by journal_entries_free(*entry, 1). */
enum journal_status journal_find(struct journal *journal, const char *key,
                                 struct journal_entry **entry);
enum journal_status journal_find_placed(struct journal *journal, int64_t run, int64_t position,
                                        struct journal_entry **entry);

/* True when an open intent of this account has that scope: one of this kind would be JOURNAL_HELD.
 * Not known counts as no. */
bool journal_holds_scope(struct journal *journal, const char *scope);

/* Takes up an open intent of this account that no living process, this one included, sees to: one
 * winner if several ask. The calls walk from the oldest to the newest, so that each is offered once
 * a round; *intent is NULL at the end of a round, and the next call begins anew. */
enum journal_status journal_adopt(struct journal *journal, struct intent **intent,
                                  unsigned *attempts);

/* Takes up the one with that key. JOURNAL_HELD: a living process sees to it, or its number waits
 * for confirmation of another. Settled ones are opened again, to be sent once more under their key:
 * only where somebody asked for that key. */
enum journal_status journal_adopt_key(struct journal *journal, const char *key,
                                      struct intent **intent, unsigned *attempts);

/* A run: the records of one input, some of which may be in the journal already because an earlier
 * run of the same input was cut short: then *continued. `input` is the SHA-256 of its bytes.
 * JOURNAL_HELD: another living process is at it. */
enum journal_status journal_run_begin(struct journal *journal, const char *input, int64_t *run,
                                      bool *continued);

/* All of its records are settled, and that was told: the same input is a new run from here on. */
enum journal_status journal_run_end(struct journal *journal, int64_t run);

/* Forgets runs that began so long ago, but for those that have unsettled intents, and intents that
 * were settled so long ago, have been seen, and are of no run that is left; some at a time. */
enum journal_status journal_prune(struct journal *journal, int64_t age_ms);

/* What is called between these two is one synced commit, which costs as much as one of them. Until
 * journal_commit says JOURNAL_OK none of it has happened: nothing may be sent or told before. Once
 * one of them has failed, so has all of it. */
void journal_gather(struct journal *journal);
enum journal_status journal_commit(struct journal *journal);

/* Why the last call failed, in a sentence that says what to do. */
const char *journal_sentence(const struct journal *journal);

#endif
