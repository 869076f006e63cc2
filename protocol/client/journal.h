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
    const char *token;  /* kept only as a keyed hash, by a random key of the journal's */
};

/* Opens (makes) the file at `path` and its directory; beside it stand SQLite's own two and one that
 * tells which processes live. For one thread. Not to be carried across fork. NULL with a sentence
 * that says what was wrong and what to do. */
struct journal *journal_open(const char *path, const struct journal_account *account,
                             char sentence[JOURNAL_SENTENCE_MAX]);
void journal_close(struct journal *journal);

enum journal_status {
    JOURNAL_OK,
    JOURNAL_HELD,   /* an open intent has this scope: it is waiting for confirmation */
    JOURNAL_FAILED, /* the disk, the file: journal_sentence() says */
};

/* Puts the intent on disk, durably, as this process's, with its first attempt begun: one commit
 * before the first byte. On JOURNAL_HELD and JOURNAL_FAILED nothing was recorded and nothing may be
 * sent. */
enum journal_status journal_record(struct journal *journal, const struct intent *intent);

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
    JOURNAL_CONFLICT,
    JOURNAL_REJECTED
};

/* How it ended, with the record or the problem (NULL: none). Never JOURNAL_OPEN. UNCONFIRMED stays
 * open, and the process lets it go, so that any may take it up. REJECTED is durable on return, as
 * sending it again could make what the operator was told is not there; the others needn't be: the
 * same key gets the same answer again. */
enum journal_status journal_settle(struct journal *journal, const char *key,
                                   enum journal_state state, const json_t *result);

/* Lets an open intent go unfinished, so that any process may take it up. */
enum journal_status journal_release(struct journal *journal, const char *key);

/* An intent that isn't settled. */
struct journal_entry {
    char key[IDEMPOTENCY_KEY_SIZE];
    char *name;
    char *server;
    enum journal_state state;
    unsigned attempts;
    int64_t created_ms; /* wall clock */
    bool busy;          /* a living process is seeing to it */
};

/* All that are open for this account, oldest first. The caller frees with journal_entries_free. */
enum journal_status journal_list_open(struct journal *journal, struct journal_entry **entries,
                                      size_t *count);
void journal_entries_free(struct journal_entry *entries, size_t count);

/* Takes up an open intent of this account that no living process, this one included, sees to: one
 * winner if several ask. The calls walk from the oldest to the newest, so that each is offered once
 * a round; *intent is NULL at the end of a round, and the next call begins anew. */
enum journal_status journal_adopt(struct journal *journal, struct intent **intent,
                                  unsigned *attempts);

/* Why the last call failed, in a sentence that says what to do. */
const char *journal_sentence(const struct journal *journal);

#endif
