/* SQLite sessions: a connection with its prepared statements, and the few calls that bind, step and
 * read them. Only for store/sqlite. */
#ifndef INVONCE_MOCK_SERVER_STORE_SQLITE_SQLITE_SESSION_H
#define INVONCE_MOCK_SERVER_STORE_SQLITE_SQLITE_SESSION_H

#include "mock_server/store/store.h"

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
    STATEMENT_LAST_INVOICE, /* these four in the order of enum series */
    STATEMENT_LAST_CUSTOMER,
    STATEMENT_LAST_PAYMENT,
    STATEMENT_LAST_AUDIT,
    STATEMENT_TENANT_FIND,
    STATEMENT_TENANT_INSERT,
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
    STATEMENT_INVOICE_INSERT,
    STATEMENT_INVOICE_NOTE_YEAR,
    STATEMENT_INVOICE_BY_ID,
    STATEMENT_INVOICE_BY_NUMBER,
    STATEMENT_INVOICE_BY_EXTERNAL,
    STATEMENT_INVOICE_LIST,
    STATEMENT_INVOICE_LIST_BY_NUMBER,
    STATEMENT_INVOICE_LIST_BY_YEAR,
    STATEMENT_INVOICE_BUCKET_OF_YEAR,
    STATEMENT_INVOICE_LIST_BY_CUSTOMER,
    STATEMENT_CUSTOMER_INSERT,
    STATEMENT_CUSTOMER_BY_EMAIL,
    STATEMENT_CUSTOMER_UPDATE,
    STATEMENT_CUSTOMER_BY_ID,
    STATEMENT_CUSTOMER_LIST,
    STATEMENT_PAYMENT_INSERT,
    STATEMENT_PAYMENT_BY_ID,
    STATEMENT_EVENT_INSERT,
    STATEMENT_EVENT_FIND,
    STATEMENT_AUDIT_APPEND,
    STATEMENT_AUDIT_LIST,
    STATEMENT_COUNT,
};

/* What a tenant's next records are numbered from. */
enum series { SERIES_INVOICE, SERIES_CUSTOMER, SERIES_PAYMENT, SERIES_AUDIT, SERIES_COUNT };

/* What is known of a tenant's numbers, as long as nobody else writes. 0: not known. */
struct tenant_numbers {
    char tenant[64 + 1];
    int64_t first_place;
    int64_t last[SERIES_COUNT];
    int noted_year; /* in invoice_years, with the bucket */
    int64_t noted_bucket;
};

#define BUSY_MS 5000 /* another program may hold the store's lock for a moment */

#define TENANTS_REMEMBERED 16 /* a power of two */

struct store_session {
    sqlite3 *db;
    struct store *store;
    sqlite3_stmt *statements[STATEMENT_COUNT];
    struct log_mover *mover; /* a writing session's */
    int wal_pages;           /* in the log after the last commit */
    int moved_at;            /* what wal_pages was when they were last moved */
    sqlite3_int64 log_size;  /* bytes of its file, as far as is known */
    bool cramped;            /* it could not be made long enough for the transaction */
    struct tenant_numbers tenants[TENANTS_REMEMBERED];
    unsigned data_version; /* of the file, as the last commit left it */
    int64_t beat_ms;       /* when it last showed that it is at work */
};

enum store_file { STORE_MAIN, STORE_LOG, STORE_LOG_INDEX, STORE_FILE_COUNT };

#define STORE_LOG_SALT 8

/* The log when it was last looked at. */
struct log_seen {
    unsigned char salt[STORE_LOG_SALT];
    uint32_t frames; /* that it held */
};

struct store {
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
bool sqlite_begin_patiently(struct store_session *session);

/* Shows it to others while this one works, and ends the work when the program is to stop. */
void sqlite_show_work(struct store_session *session, bool working);

/* Takes note of the files that a writing session, the first one, has opened. */
bool sqlite_note_place(struct store_session *writing);

/* NULL when they are still the ones at their place; else what became of them. Costs a stat(2)
 * each. */
const char *sqlite_place_trouble(struct store_session *writing);

/* Takes note of it, and says in the log when that has changed. */
void sqlite_note_trouble(struct store *store, const char *trouble);

/* NULL: failed, and logged. */
struct store_session *sqlite_session_open(struct store *store, const char *settings);

/* Without its mover, which store_session_close stops first. */
void sqlite_session_close(struct store_session *session);

/* The prepared statement, made from `sql` when first asked for; NULL: failed, and logged. */
sqlite3_stmt *sqlite_statement(struct store_session *session, enum statement which,
                               const char *sql);

/* Binding and reading; text may be NULL. */
void sqlite_bind_text_at(sqlite3_stmt *statement, int place, const char *text);
void sqlite_bind_id(sqlite3_stmt *statement, int place, int64_t id_or_0);
const char *sqlite_text_at(sqlite3_stmt *statement, int column);

/* A copy, owned by the caller; NULL for NULL. A copy that fails sets *failed. */
char *sqlite_copy_at(sqlite3_stmt *statement, int column, bool *failed);

/* Runs a statement that returns no rows, and resets it. STORE_TAKEN for a violated unique
 * constraint; *changes (NULL: not asked) tells how many rows it changed. */
enum store_status sqlite_run(struct store_session *session, sqlite3_stmt *statement, int *changes);

/* Runs a statement that takes nothing. False: failed, and logged. */
bool sqlite_run_plain(struct store_session *session, enum statement which, const char *sql);

/* The next row: STORE_OK with the statement on it, or STORE_ABSENT or STORE_FAILED and reset. */
enum store_status sqlite_row(struct store_session *session, sqlite3_stmt *statement);
void sqlite_done(sqlite3_stmt *statement);

/* Runs SQL text that returns nothing; false: failed, and logged. */
bool sqlite_script(struct store_session *session, const char *sql);

/* A row's place is its tenant's first place + the row's own number, which is less than ID_END. */
#define ID_END ((int64_t)1 << 40)

/* The tenant's first place. STORE_ABSENT: nothing of it was placed yet. */
enum store_status sqlite_find_tenant(struct store_session *session, const char *tenant,
                                     int64_t *first);

/* The same in a writing transaction, which gives one to a tenant that has none. */
enum store_status sqlite_place_tenant(struct store_session *session, const char *tenant,
                                      int64_t *first);

/* A tenant's next number of a series, in a writing transaction; nothing is taken yet. */
enum store_status sqlite_next_number(struct store_session *session, enum series series,
                                     const char *tenant, int64_t *number);

/* It was taken. */
void sqlite_took_number(struct store_session *session, enum series series, const char *tenant,
                        int64_t number);

/* Something was undone, or somebody else wrote: what was remembered may be wrong. */
void sqlite_forget_numbers(struct store_session *session);

/* What is remembered of the tenant; NULL: its name is too long for that. */
struct tenant_numbers *sqlite_numbers_of(struct store_session *session, const char *tenant);

/* The thread that moves the log's pages, for a writing session. False: it can't be started. */
bool sqlite_log_start_mover(struct store_session *writing);
void sqlite_log_stop_mover(struct store_session *writing);

/* Makes the log longer where the next transaction may need it; with the write lock held. False: it
 * is too short still. */
bool sqlite_grow_log(struct store_session *session);

void sqlite_log_failure(struct store_session *session, const char *what);

#endif
