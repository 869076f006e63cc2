/* SQLite sessions: a connection with its prepared statements, and the few calls that bind, step and
 * read them. Only for store/sqlite/. */
#ifndef INVONCE_MOCK_SERVER_STORE_SQLITE_SQLITE_SESSION_H
#define INVONCE_MOCK_SERVER_STORE_SQLITE_SQLITE_SESSION_H

#include "mock_server/store/driver.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/stat.h>

/* Every statement that a session keeps prepared. */
enum statement {
    STATEMENT_BEGIN,
    STATEMENT_BEGIN_READ,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_SAVEPOINT,
    STATEMENT_RELEASE,
    STATEMENT_UNDO,
    STATEMENT_READY,
    STATEMENT_VERSION,
    STATEMENT_LAST_RECORD,
    STATEMENT_LAST_ENTRY,
    STATEMENT_COLLECTION_FIND,
    STATEMENT_COLLECTION_INSERT,
    STATEMENT_KEY_FIND,
    STATEMENT_KEY_CLAIM,
    STATEMENT_KEY_CLAIM_IN_PROGRESS,
    STATEMENT_KEY_TAKE_OVER,
    STATEMENT_KEY_COMPLETE,
    STATEMENT_KEY_AMEND,
    STATEMENT_KEYS_MARK,
    STATEMENT_KEYS_AFTER_MARK,
    STATEMENT_KEYS_EXPIRE,
    STATEMENT_KEYS_SET_MARK,
    STATEMENT_CLAIM,
    STATEMENT_CLAIM_HOLDER,
    STATEMENT_UNCLAIM,
    STATEMENT_STAND,
    STATEMENT_STANDING_OLDEST,
    STATEMENT_STAND_NO_MORE,
    STATEMENT_STANDING_LIST,
    STATEMENT_STANDING_COUNT,
    STATEMENT_RECORD_INSERT,
    STATEMENT_RECORD_CHANGE,
    STATEMENT_RECORD_NOW,
    STATEMENT_RECORD_CREATED,
    STATEMENT_PERIOD_NOTE,
    STATEMENT_PERIOD_BUCKET,
    STATEMENT_LIST,
    STATEMENT_LIST_OF_RULE,
    STATEMENT_LIST_OF_PARENT,
    STATEMENT_LIST_OF_PERIOD,
    STATEMENT_TEXT_ADD,
    STATEMENT_TEXT_REMOVE,
    STATEMENT_COMPLETE,
    STATEMENT_EVENT_INSERT,
    STATEMENT_EVENT_FIND,
    STATEMENT_AUDIT_APPEND,
    STATEMENT_AUDIT_LIST,
    STATEMENT_COUNT,
};

/* What is known of a collection, as long as nobody else writes. */
struct collection {
    char tenant[64 + 1], resource[32 + 1]; /* "": none is remembered here */
    int64_t first_place;                   /* 0: not known */
    int64_t last;                          /* number of a record; 0: not known */
    int64_t noted_bucket;                  /* in periods, with the period */
    int noted_period;
    bool is_audit;
};

#define BUSY_MS 5000 /* another program may hold the store's lock for a moment */

#define COLLECTIONS_REMEMBERED 64 /* a power of two */

struct sqlite_session {
    struct store_session base; /* first: one is the other */
    sqlite3 *db;
    struct sqlite_store *store;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct log_mover *mover; /* a writing session's */
    int wal_pages;           /* in the log after the last commit */
    int moved_at;            /* what wal_pages was when they were last moved */
    sqlite3_int64 log_size;  /* bytes of its file, as far as is known */
    bool cramped;            /* it could not be made long enough for the transaction */
    struct collection collections[COLLECTIONS_REMEMBERED];
    struct collection unnamed; /* one whose name is too long to be remembered */
    unsigned data_version;     /* of the file, as the last commit left it */
    struct buffer values;      /* of an audit entry, being written */
    int64_t beat_ms;           /* when it last showed that it is at work */
};

enum store_file { STORE_MAIN, STORE_LOG, STORE_LOG_INDEX, STORE_FILE_COUNT };

#define STORE_LOG_SALT 8

/* The log when it was last looked at. */
struct log_seen {
    unsigned char salt[STORE_LOG_SALT];
    uint32_t frames; /* that it held */
};

struct sqlite_store {
    struct store base; /* first: one is the other */
    char *path;
    unsigned without; /* enum store_layer */
    struct {
        char *path;
        struct stat opened; /* what the writing session opened; the main file's size is kept up */
    } files[STORE_FILE_COUNT];
    struct log_seen log;
    atomic_bool lost;    /* it isn't at its place any more */
    atomic_bool unsound; /* or it is, and what is in its log doesn't fit it */
};

/* Begins the first transaction on a store. Where another process holds the lock it is waited for,
 * as long as that shows that it is at work, or until the program is to stop. */
bool sqlite_begin_patiently(struct sqlite_session *session);

/* Shows it to others while this one works, and ends the work when the program is to stop. */
void sqlite_show_work(struct sqlite_session *session, bool working);

/* Takes note of the files that a writing session, the first one, has opened. */
bool sqlite_note_place(struct sqlite_session *writing);

/* NULL when they are still the ones at their place; else what became of them. Costs a stat(2)
 * each. */
const char *sqlite_place_trouble(struct sqlite_session *writing);

/* Takes note of it, and says in the log when that has changed. */
void sqlite_note_trouble(struct sqlite_store *store, const char *trouble);

/* NULL: failed, and logged. */
struct sqlite_session *sqlite_session_open(struct sqlite_store *store, const char *settings);

struct sqlite_session *sqlite_session_open_to_read(struct sqlite_store *store);

/* A read of several statements that see one state; and a trivial one: false, it doesn't work. */
bool sqlite_read_begin(struct sqlite_session *session);
void sqlite_read_end(struct sqlite_session *session);
bool sqlite_reads(struct sqlite_session *session);

/* Without its mover, which is to be stopped first. NULL is passed over. */
void sqlite_session_close(struct sqlite_session *session);

/* The prepared statement, made from `sql` when first asked for; NULL: failed, and logged. */
sqlite3_stmt *sqlite_statement(struct sqlite_session *session, enum statement which,
                               const char *sql);

/* Binding and reading; text may be NULL. */
void sqlite_bind_text_at(sqlite3_stmt *statement, int place, const char *text);
void sqlite_bind_id(sqlite3_stmt *statement, int place, int64_t id_or_0);
const char *sqlite_text_at(sqlite3_stmt *statement, int column);

/* A copy, owned by the caller; NULL for NULL. A copy that fails sets *failed. */
char *sqlite_copy_at(sqlite3_stmt *statement, int column, bool *failed);

/* Runs a statement that returns no rows, and resets it. STORE_TAKEN for a violated unique
 * constraint; *changes (NULL: not asked) tells how many rows it changed. */
enum store_status sqlite_run(struct sqlite_session *session, sqlite3_stmt *statement, int *changes);

/* Runs a statement that takes nothing. False: failed, and logged. */
bool sqlite_run_plain(struct sqlite_session *session, enum statement which, const char *sql);

/* The next row: STORE_OK with the statement on it, or STORE_ABSENT or STORE_FAILED and reset. */
enum store_status sqlite_row(struct sqlite_session *session, sqlite3_stmt *statement);
void sqlite_done(sqlite3_stmt *statement);

/* Runs SQL text that returns nothing; false: failed, and logged. */
bool sqlite_script(struct sqlite_session *session, const char *sql);

/* A row's place is its collection's number << 40 | its own number, which is less than ID_END. An
 * audit is a collection of its own, of the resource "". */
#define ID_END           ((int64_t)1 << 40)
#define AUDIT_OF(tenant) ((struct store_collection){(tenant), ""})

/* What is known of the collection, until the next of these calls; its first place at least.
 * STORE_ABSENT: nothing of it was placed yet. */
enum store_status sqlite_find_collection(struct sqlite_session *session,
                                         const struct store_collection *collection,
                                         struct collection **found);

/* The same in a writing transaction, which gives a place to a collection that has none. */
enum store_status sqlite_place_collection(struct sqlite_session *session,
                                          const struct store_collection *collection,
                                          struct collection **placed);

/* The highest number of a record, or of an entry where it is an audit; 0: there is none. */
enum store_status sqlite_last_number(struct sqlite_session *session,
                                     const struct collection *collection, int64_t *number);

/* What its next record, or entry, is numbered: from `first`. */
enum store_status sqlite_next_number(struct sqlite_session *session, struct collection *placed,
                                     int64_t first, int64_t *number);

/* Something was undone, or somebody else wrote: what was remembered may be wrong. */
void sqlite_forget_numbers(struct sqlite_session *session);

/* Which records are of a period: a row for each of their buckets of ids. */
#define BUCKET_BITS 12
enum store_status sqlite_note_period(struct sqlite_session *session, struct collection *placed,
                                     const struct store_record *record);

/* Brings the store's schema up to date, and sees that it suits. */
bool sqlite_migrate(struct sqlite_session *session, unsigned without,
                    char message[STORE_MESSAGE_MAX]);
#define SQLITE_VERSION_NOW 5

/* The thread that moves the log's pages, for a writing session. False: it can't be started. */
bool sqlite_log_start_mover(struct sqlite_session *writing);
void sqlite_log_stop_mover(struct sqlite_session *writing);

/* Makes the log longer where the next transaction may need it; with the write lock held. False: it
 * is too short still. */
bool sqlite_grow_log(struct sqlite_session *session);

void sqlite_log_failure(struct sqlite_session *session, const char *what);

static inline struct sqlite_session *sqlite_session_of(struct store_session *base)
{
    return (struct sqlite_session *)(void *)base;
}

static inline struct sqlite_store *sqlite_store_of(struct store *base)
{
    return (struct sqlite_store *)(void *)base;
}

/* The driver's functions that are in a file of their own. */
void sqlite_maintain(struct store_session *writing);
bool sqlite_is_lost(struct store *store);
enum store_status sqlite_key_find(struct store_session *session, const struct store_key *key,
                                  int64_t now, struct store_saved *saved);
enum store_status sqlite_key_claim(struct store_session *session, const struct store_key *key,
                                   const char *fingerprint, const char *request,
                                   const struct store_reply *reply);
enum store_status sqlite_key_claim_in_progress(struct store_session *session,
                                               const struct store_key *key, const char *fingerprint,
                                               const char *request,
                                               const unsigned char owner[STORE_OWNER_SIZE],
                                               int64_t lease_until);
enum store_status sqlite_key_take_over(struct store_session *session, const struct store_key *key,
                                       const unsigned char owner[STORE_OWNER_SIZE],
                                       int64_t lease_until, int64_t now);
enum store_status sqlite_key_complete(struct store_session *session, const struct store_key *key,
                                      const unsigned char owner[STORE_OWNER_SIZE],
                                      const struct store_reply *reply);
enum store_status sqlite_key_amend(struct store_session *session, const struct store_key *key,
                                   const struct store_reply *reply);
enum store_status sqlite_keys_expire(struct store_session *session, int64_t now, int limit,
                                     int *count);
enum store_status sqlite_next_id(struct store_session *session,
                                 const struct store_collection *collection, int64_t first,
                                 int64_t *id);
enum store_status sqlite_claim(struct store_session *session,
                               const struct store_collection *collection,
                               const struct store_claim *claim, int64_t id, int64_t *holder);
enum store_status sqlite_stand(struct store_session *session,
                               const struct store_collection *collection,
                               const struct store_claim *claim, int64_t id);
enum store_status sqlite_unclaim(struct store_session *session,
                                 const struct store_collection *collection,
                                 const struct store_claim *claim, int64_t id);
enum store_status sqlite_holder(struct store_session *session,
                                const struct store_collection *collection,
                                const struct store_claim *claim, int64_t *id);
enum store_status sqlite_record_insert(struct store_session *session,
                                       const struct store_collection *collection,
                                       const struct store_record *record);
enum store_status sqlite_record_change(struct store_session *session,
                                       const struct store_collection *collection, int64_t id,
                                       const char *json);
enum store_status sqlite_record_find(struct store_session *session,
                                     const struct store_collection *collection, int64_t id,
                                     enum store_age age, char **json);
enum store_status sqlite_record_list(struct store_session *session,
                                     const struct store_filter *filter, store_record_each *each,
                                     void *context);
enum store_status sqlite_text_add(struct store_session *session,
                                  const struct store_collection *collection,
                                  const struct store_text *text, int64_t id);
enum store_status sqlite_text_remove(struct store_session *session,
                                     const struct store_collection *collection,
                                     const struct store_text *text, int64_t id);
enum store_status sqlite_complete(struct store_session *session,
                                  const struct store_collection *collection, const char *prefix,
                                  int limit, store_record_each *each, void *context);
enum store_status sqlite_standing_list(struct store_session *session, const char *tenant, int limit,
                                       store_standing_each *each, void *context);
enum store_status sqlite_standing_count(struct store_session *session, const char *tenant,
                                        int64_t *groups);
enum store_status sqlite_event_insert(struct store_session *session,
                                      const struct store_event *event);
enum store_status sqlite_event_find(struct store_session *session, const struct store_event *event,
                                    char **fingerprint, int64_t *record_id);
enum store_status sqlite_audit_append(struct store_session *session,
                                      struct store_audit_entry *entry);
enum store_status sqlite_audit_list(struct store_session *session, const char *tenant,
                                    int64_t after, int limit, store_audit_each *each,
                                    void *context);

#endif
