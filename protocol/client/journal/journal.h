/* The journal: every intent on disk before its first byte is sent, and what became of it after.
 * SQLite in the state directory, mode 0600, shared by every terminal of one operator. */
#ifndef INVONCE_CLIENT_JOURNAL_H
#define INVONCE_CLIENT_JOURNAL_H

#include "protocol/client/intent.h"
#include "protocol/client/reply.h"

#include "protocol/wire/json.h"
#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_SENTENCE_MAX 400

struct journal;

/* Who the intents are for: a tenant of a server, once the server has said whose the token is. An
 * intent is what was frozen under a key for one account: account, key and fingerprint name it, and
 * what is told of one is never told of another. It is never sent for another account than its own,
 * and never before that is a tenant's. */
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
    JOURNAL_HELD,    /* an open intent has this scope, or another process this intent */
    JOURNAL_USED,    /* the journal has this very intent already */
    JOURNAL_REUSED,  /* the key stands for another body */
    JOURNAL_SETTLED, /* the intent has had its outcome: journal_find tells it */
    JOURNAL_ABSENT,  /* this account has no such intent */
    JOURNAL_LOCKED,  /* another program has it locked. Nothing was done; it may be tried again */
    JOURNAL_FAILED,  /* the disk, the file: journal_sentence() says, for LOCKED too */
};

/* JOURNAL_OK once it is open. JOURNAL_LOCKED: it was locked so far, and was tried once more; until
 * it is open nothing else can be had of it. */
enum journal_status journal_ready(struct journal *journal);

/* The server has said whose the token is. From here on the account is that tenant's, whatever token
 * was used, and what was recorded with this token before that was known belongs to it too: what the
 * tenant has already is one with it (attempts joined; what was settled stays so). The journal
 * remembers it, durably on return. Until then the account is the token itself, and nothing is sent.
 */
enum journal_status journal_identify(struct journal *journal, const char *tenant);

/* Open intents for this server that were recorded with another token, of which the server never
 * said whose it is, and that no living process sees to. None of them was ever sent. */
enum journal_status journal_count_unnamed(struct journal *journal, size_t *count);

/* Makes them this account's, because somebody says that they are: only after journal_identify. */
enum journal_status journal_take_over(struct journal *journal);

/* The same for the one intent of that key and body, where there is one: JOURNAL_OK in any case. */
enum journal_status journal_take_over_one(struct journal *journal, const struct intent *intent);

/* How well it is known, in this process, whose the token is. */
enum journal_certainty {
    JOURNAL_TOLD,       /* journal_identify was called */
    JOURNAL_REMEMBERED, /* the account is a tenant by what the server said in an earlier time */
    JOURNAL_UNTOLD,     /* it never said: the account is the token itself */
};
enum journal_certainty journal_certainty(const struct journal *journal);

/* JOURNAL_OK: the intent is open, of this account, in this process's hands, and it is its turn: no
 * older one of its scope or key is open, and no other one just being sent. Else as
 * journal_attempt_begin. */
enum journal_status journal_may_send(struct journal *journal, const struct intent *intent);

/* Puts the intent on disk, durably, as this process's, with its first attempt begun: one commit
 * before the first byte. On anything but JOURNAL_OK nothing was recorded and nothing may be sent.
 */
enum journal_status journal_record(struct journal *journal, const struct intent *intent);

/* One of several intents that are recorded with one commit. */
struct journal_recording {
    const struct intent *intent;
    int64_t run, position; /* 0, 0: part of no run */
    enum journal_status status;
    char holder[IDEMPOTENCY_KEY_SIZE]; /* HELD: the oldest intent that waits for confirmation */
    bool is_ours; /* HELD, USED: this process is seeing to the one in the way … */
    bool is_busy; /* … or another living one is */
};

/* As journal_record for each, all with one commit. JOURNAL_FAILED: none was recorded. */
enum journal_status journal_record_all(struct journal *journal, struct journal_recording *items,
                                       size_t count);

/* An attempt begins: durable before its first byte, and this process's from here on. `attempt` is
 * its number; `arrived`: an attempt before it may have reached the server. JOURNAL_HELD when
 * another living process sees to the intent, or an older one of its scope or key is open. On
 * anything but JOURNAL_OK nothing may be sent. */
enum journal_status journal_attempt_begin(struct journal *journal, const struct intent *intent,
                                          unsigned *attempt, bool *arrived);

/* It has ended. Not synced: what is lost with the power is asked again, with the same key. */
enum journal_status journal_attempt_end(struct journal *journal, const struct intent *intent,
                                        unsigned attempt, enum reply_fate fate, int http_status);

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
 * same key gets the same answer again. What has its outcome keeps it. */
enum journal_status journal_settle(struct journal *journal, const struct intent *intent,
                                   enum journal_state state, const struct json *result);

/* How its last attempt ended, and how it did: both with one commit. */
enum journal_status journal_end_and_settle(struct journal *journal, const struct intent *intent,
                                           unsigned attempt, enum reply_fate fate, int http_status,
                                           enum journal_state state, const struct json *result);

/* Lets an open intent go unfinished, so that any process may take it up. */
enum journal_status journal_release(struct journal *journal, const char *key,
                                    const char *fingerprint);

/* What the journal knows of an intent. */
struct journal_entry {
    char key[IDEMPOTENCY_KEY_SIZE];
    char *name;
    char *server;
    char *tenant;    /* NULL: the server never said whose the token is that it was recorded with */
    bool of_account; /* of this one */
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
                                        const char *fingerprint, struct intent **intent);

void journal_entries_free(struct journal_entry *entries, size_t count);

/* This account's intent of that key and body, or the one at that place of a run. *entry is NULL
 * when there is none; else to be freed by journal_entries_free(*entry, 1). */
enum journal_status journal_find(struct journal *journal, const char *key, const char *fingerprint,
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

/* Takes up the one that is the same as `wanted`. JOURNAL_HELD: a living process sees to it, or it
 * was settled and its number waits for confirmation of another. Settled ones are opened again, to
 * be sent once more under their key: only where somebody asked for that key, or what was kept of
 * the outcome isn't of this body. */
enum journal_status journal_adopt_same(struct journal *journal, const struct intent *wanted,
                                       struct intent **intent, unsigned *attempts);

struct journal_run {
    int64_t id;
    bool continued;    /* an earlier run of the same input was cut short */
    size_t taken_over; /* of its intents: were recorded with a token that was never named */
};

/* A run: the records of one input, some of which may be in the journal already because an earlier
 * run of the same input was cut short. It is one for each account; after journal_identify those of
 * the same input that an unnamed token left are taken over into it: who gives the input again says
 * whose it is. `input` is the SHA-256 of its bytes. JOURNAL_HELD: another living process is at it.
 */
enum journal_status journal_run_begin(struct journal *journal, const char *input,
                                      struct journal_run *run);

/* All of its records are settled, and that was told: the same input is a new run from here on. To
 * be the last thing that is done, journal_close but for: what is killed before goes on, with what
 * was told already; what is killed after has finished. */
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
