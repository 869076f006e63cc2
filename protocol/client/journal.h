/* The journal: every intent on disk before its first byte is sent, and what became of it after.
 * SQLite in the state directory, mode 0600, shared by every terminal of one operator. */
#ifndef INVONCE_CLIENT_JOURNAL_H
#define INVONCE_CLIENT_JOURNAL_H

#include "protocol/client/intent.h"
#include "protocol/client/reply.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_SENTENCE_MAX 300

struct journal;

/* Who the intents are for. An intent is never sent for another account than the one it was recorded
 * for. */
struct journal_account {
    const char *server; /* origin: "http://127.0.0.1:8420" */
    const char *token;  /* kept only as a keyed hash, by a random key of the journal's */
};

/* Opens (makes) the file at `path` and its directory. NULL with a sentence that says what was wrong
 * and what to do. */
struct journal *journal_open(const char *path, const struct journal_account *account,
                             char sentence[JOURNAL_SENTENCE_MAX]);
void journal_close(struct journal *journal);

enum journal_status {
    JOURNAL_OK,
    JOURNAL_HELD,   /* an open intent has this scope: it is waiting for confirmation */
    JOURNAL_FAILED, /* the disk, the file: journal_sentence() says */
};

/* Puts the intent on disk, durably, as this process's. On JOURNAL_HELD and JOURNAL_FAILED nothing
 * was recorded and nothing may be sent. */
enum journal_status journal_record(struct journal *journal, const struct intent *intent);

/* An attempt begins (durable, before the first byte) and has ended. */
enum journal_status journal_attempt_begin(struct journal *journal, const char *key,
                                          unsigned attempt);
enum journal_status journal_attempt_end(struct journal *journal, const char *key, unsigned attempt,
                                        enum reply_fate fate, int http_status);

enum journal_state {
    JOURNAL_OPEN,
    JOURNAL_UNCONFIRMED,
    JOURNAL_CREATED,
    JOURNAL_CONFLICT,
    JOURNAL_REJECTED
};

/* How it ended, with the record or the problem (NULL: none). UNCONFIRMED stays open, and the
 * process lets it go, so that any may take it up. */
enum journal_status journal_settle(struct journal *journal, const char *key,
                                   enum journal_state state, const json_t *result);

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

/* Takes up the oldest open intent of this account that no living process sees to and whose key is
 * not in this process's hands: one winner if several ask. *intent is NULL when there is none. */
enum journal_status journal_adopt(struct journal *journal, struct intent **intent,
                                  unsigned *attempts);

/* Why the last call failed, in a sentence that says what to do. */
const char *journal_sentence(const struct journal *journal);

#endif
