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
    STATEMENT_RECORD_MOVE,
    STATEMENT_RECORD_MERGE,
    STATEMENT_RECORD_NOW,
    STATEMENT_RECORD_CREATED,
    STATEMENT_RECORD_MERGED,
    STATEMENT_PERIOD_NOTE,
    STATEMENT_PERIOD_BUCKET,
    STATEMENT_LIST,
    STATEMENT_LIST_MERGED,
    STATEMENT_LIST_OF_RULE,
    STATEMENT_LIST_OF_RULE_OR_MERGED,
    STATEMENT_LIST_OF_PARENT,
    STATEMENT_LIST_OF_PERIOD,
    STATEMENT_TEXT_ADD,
    STATEMENT_TEXT_REMOVE,
    STATEMENT_COMPLETE,
    STATEMENT_EVENT_INSERT,
    STATEMENT_EVENT_FIND,
    STATEMENT_AUDIT_APPEND,
    STATEMENT_AUDIT_LIST,
    STATEMENT_BEHIND_LIST,
    STATEMENT_MARK_MAKE,
    STATEMENT_MARK_MOVE,
    STATEMENT_DELIVERY_ADD,
    STATEMENT_DELIVERIES_NEXT,
    STATEMENT_DELIVERIES_LEASE,
    STATEMENT_DELIVERY_DONE,
    STATEMENT_DELIVERY_PUT_OFF,
    STATEMENT_DELIVERIES_PARK,
    STATEMENT_DELIVERY_LIST,
    STATEMENT_DELIVERY_RETRY,
    STATEMENT_DELIVERY_DISCARD,
    STATEMENT_DELIVERIES_COUNT,
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
    bool has_merged;           /* since its last transaction began */
    bool kept_out;             /* its last one could not begin: another program has the lock */
    bool in_transaction;       /* a writing one, begun and not ended by us */
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
    atomic_uint_fast64_t generation; /* store_generation's, as long as … */
    atomic_uint_fast64_t committed;  /* … that is what was committed last */
    atomic_bool lost;                /* it isn't at its place any more */
    atomic_bool unsound;             /* or it is, and what is in its log doesn't fit it */
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

/* What was committed last, by its checksum in the log: another one after every commit, whoever
 * makes it. 0: it can't be told. Costs no call of the system. */
uint64_t sqlite_last_commit(struct sqlite_session *session);

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
 * constraint. */
enum store_status sqlite_run(struct sqlite_session *session, sqlite3_stmt *statement);

/* The same; `if_none` when it changed no row. Without a statement STORE_FAILED. */
enum store_status sqlite_change(struct sqlite_session *session, sqlite3_stmt *statement,
                                enum store_status if_none);

/* Runs a statement that takes nothing. False: failed, and logged. */
bool sqlite_run_plain(struct sqlite_session *session, enum statement which, const char *sql);

/* The next row: STORE_OK with the statement on it, or STORE_ABSENT or STORE_FAILED and reset. */
enum store_status sqlite_row(struct sqlite_session *session, sqlite3_stmt *statement);
void sqlite_done(sqlite3_stmt *statement);

/* The number that the only row has (0 for NULL), with the statement reset; the same status as
 * sqlite_row, without a statement STORE_FAILED. */
enum store_status sqlite_number(struct sqlite_session *session, sqlite3_stmt *statement,
                                int64_t *number);

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
#define SQLITE_VERSION_NOW 6

/* The thread that moves the log's pages, for a writing session. False: it can't be started. */
bool sqlite_log_start_mover(struct sqlite_session *writing);
void sqlite_log_stop_mover(struct sqlite_session *writing);

/* Makes the log longer where the next transaction may need it; with the write lock held. False: it
 * is too short still. */
bool sqlite_grow_log(struct sqlite_session *session);

static inline struct sqlite_session *sqlite_session_of(struct store_session *base)
{
    return (struct sqlite_session *)(void *)base;
}

static inline struct sqlite_store *sqlite_store_of(struct store *base)
{
    return (struct sqlite_store *)(void *)base;
}

/* The driver's functions that are in a file of their own. */
__typeof__(store_maintain) sqlite_maintain;
__typeof__(store_is_lost) sqlite_is_lost;
__typeof__(store_key_find) sqlite_key_find;
__typeof__(store_key_claim) sqlite_key_claim;
__typeof__(store_key_claim_in_progress) sqlite_key_claim_in_progress;
__typeof__(store_key_take_over) sqlite_key_take_over;
__typeof__(store_key_complete) sqlite_key_complete;
__typeof__(store_key_amend) sqlite_key_amend;
__typeof__(store_keys_expire) sqlite_keys_expire;
__typeof__(store_next_id) sqlite_next_id;
__typeof__(store_claim) sqlite_claim;
__typeof__(store_stand) sqlite_stand;
__typeof__(store_unclaim) sqlite_unclaim;
__typeof__(store_holder) sqlite_holder;
__typeof__(store_record_insert) sqlite_record_insert;
__typeof__(store_record_change) sqlite_record_change;
__typeof__(store_record_move) sqlite_record_move;
__typeof__(store_record_merge) sqlite_record_merge;
__typeof__(store_record_find) sqlite_record_find;
__typeof__(store_record_list) sqlite_record_list;
__typeof__(store_text_add) sqlite_text_add;
__typeof__(store_text_remove) sqlite_text_remove;
__typeof__(store_complete) sqlite_complete;
__typeof__(store_standing_list) sqlite_standing_list;
__typeof__(store_standing_count) sqlite_standing_count;
__typeof__(store_event_insert) sqlite_event_insert;
__typeof__(store_event_find) sqlite_event_find;
__typeof__(store_audit_append) sqlite_audit_append;
__typeof__(store_audit_list) sqlite_audit_list;
__typeof__(store_behind_list) sqlite_behind_list;
__typeof__(store_mark_move) sqlite_mark_move;
__typeof__(store_delivery_add) sqlite_delivery_add;
__typeof__(store_deliveries_next) sqlite_deliveries_next;
__typeof__(store_deliveries_lease) sqlite_deliveries_lease;
__typeof__(store_delivery_done) sqlite_delivery_done;
__typeof__(store_delivery_put_off) sqlite_delivery_put_off;
__typeof__(store_deliveries_park) sqlite_deliveries_park;
__typeof__(store_delivery_list) sqlite_delivery_list;
__typeof__(store_delivery_retry) sqlite_delivery_retry;
__typeof__(store_delivery_discard) sqlite_delivery_discard;
__typeof__(store_deliveries_count) sqlite_deliveries_count;

#endif
