/* Opening a store: its file, its schema, its transactions. */
#include "mock_server/store/store.h"

#include "mock_server/base/log.h"
#include "mock_server/store/sqlite/sqlite_session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* WAL with FULL: a commit is on disk when it returns. Checkpoints are ours (sqlite_maintain). */
#define SETTINGS_WRITING                                                                           \
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"               \
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA journal_size_limit=134217728;"     \
    "PRAGMA foreign_keys=OFF"

static bool make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool ok = mkdir(path, 0700) == 0 || errno == EEXIST;
        *slash = '/';
        if (!ok) {
            return false;
        }
    }
    return true;
}

/* SQLite gives its other files the permissions of this one. */
static bool make_file(struct sqlite_store *store, char message[STORE_MESSAGE_MAX])
{
    int fd =
        make_directories(store->path) ? open(store->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (fd < 0) {
        snprintf(message, STORE_MESSAGE_MAX, "the store %s cannot be opened: %s", store->path,
                 strerror(errno));
        return false;
    }
    close(fd);
    return true;
}

/* Looked at without a session, whose settings would change it: nothing is touched that isn't ours.
 */
static bool look_at_file(struct sqlite_store *store, char message[STORE_MESSAGE_MAX])
{
    static const char LOOK[] = "SELECT user_version, (SELECT count(*) FROM sqlite_schema)"
                               " FROM pragma_user_version";
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    bool readable = sqlite3_open_v2(store->path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
                    sqlite3_busy_timeout(db, BUSY_MS) == SQLITE_OK &&
                    sqlite3_prepare_v2(db, LOOK, -1, &statement, NULL) == SQLITE_OK &&
                    sqlite3_step(statement) == SQLITE_ROW;
    bool foreign = readable && sqlite3_column_int64(statement, 0) == 0 &&
                   sqlite3_column_int64(statement, 1) > 0;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    if (!readable) {
        snprintf(message, STORE_MESSAGE_MAX,
                 "the store %s cannot be opened: it is no SQLite database, or it is damaged or "
                 "locked",
                 store->path);
    } else if (foreign) {
        snprintf(message, STORE_MESSAGE_MAX,
                 "%s is a database of another program, not a store of this one", store->path);
    }
    return readable && !foreign;
}

static void close_store(struct store *base)
{
    struct sqlite_store *store = sqlite_store_of(base);
    for (size_t i = 0; i < STORE_FILE_COUNT; i++) {
        free(store->files[i].path);
    }
    free(store->path);
    free(store);
}

/* Brings it up to date, by a session of its own. */
static bool prepare(struct sqlite_store *store, char message[STORE_MESSAGE_MAX])
{
    if (!make_file(store, message) || !look_at_file(store, message)) {
        return false;
    }
    struct sqlite_session *session = sqlite_session_open(store, SETTINGS_WRITING);
    if (!session) {
        snprintf(message, STORE_MESSAGE_MAX, "the store %s cannot be opened", store->path);
        return false;
    }
    bool ok = sqlite_migrate(session, store->without, message);
    sqlite_session_close(session);
    return ok;
}

#define SCHEME "sqlite:"

static struct store *open_store(const char *url, const struct store_options *options,
                                char message[STORE_MESSAGE_MAX])
{
    if (options->partitions > 0) {
        snprintf(message, STORE_MESSAGE_MAX,
                 "a store in a file has no partitions: --partitions is for postgresql://...");
        return NULL;
    }
    snprintf(message, STORE_MESSAGE_MAX, "out of memory");
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* its counters are one lock for all threads */
    struct sqlite_store *store = calloc(1, sizeof(struct sqlite_store));
    if (!store) {
        return NULL;
    }
    store->base.driver = &sqlite_driver;
    atomic_init(&store->generation, 1);
    store->without = options->without;
    store->path = strdup(url + strlen(SCHEME));
    if (!store->path || !prepare(store, message)) {
        close_store(&store->base);
        return NULL;
    }
    return &store->base;
}

static struct store_session *open_writing(struct store *base)
{
    struct sqlite_session *session = sqlite_session_open(sqlite_store_of(base), SETTINGS_WRITING);
    if (session && (!sqlite_note_place(session) || !sqlite_log_start_mover(session))) {
        sqlite_session_close(session);
        return NULL;
    }
    return session ? &session->base : NULL;
}

static struct store_session *open_reading(struct store *base)
{
    struct sqlite_session *session = sqlite_session_open_to_read(sqlite_store_of(base));
    return session ? &session->base : NULL;
}

static void close_session(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite_log_stop_mover(session);
    sqlite_session_close(session);
}

static unsigned data_version(struct sqlite_session *session)
{
    unsigned version = 0;
    sqlite3_file_control(session->db, "main", SQLITE_FCNTL_DATA_VERSION, &version);
    return version;
}

/* With the write lock held, after somebody else wrote: a later version of this program keeps its
 * records in another way. NULL: all is well. */
static const char *version_trouble(struct sqlite_session *session)
{
    sqlite3_stmt *statement = sqlite_statement(session, STATEMENT_VERSION, "PRAGMA user_version");
    if (!statement || sqlite_row(session, statement) != STORE_OK) {
        return "its version cannot be read";
    }
    int version = sqlite3_column_int(statement, 0);
    sqlite_done(statement);
    return version == SQLITE_VERSION_NOW ? NULL : "another version of this program has changed it";
}

/* What was remembered of the store is worth nothing once somebody else wrote. Nobody does while
 * this transaction lasts. */
static const char *look_again(struct sqlite_session *session)
{
    struct sqlite_store *store = session->store;
    bool is_other = data_version(session) != session->data_version;
    if (is_other || session->has_merged) {
        atomic_fetch_add(&store->generation, 1);
    }
    session->has_merged = false;
    atomic_store(&store->committed, sqlite_last_commit(session));
    if (!is_other) {
        return NULL;
    }
    sqlite_forget_numbers(session);
    return version_trouble(session);
}

/* Known while a writing session of ours has the store to itself: who looks between two of its
 * transactions might look before another program's is noticed. */
static uint64_t generation(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    uint64_t committed = atomic_load(&session->store->committed);
    return committed != 0 && sqlite_last_commit(session) == committed
               ? atomic_load(&session->store->generation)
               : 0;
}

/* Nothing more goes to a file that is lost, unless it is back. */
static bool begin(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    const char *trouble =
        sqlite_is_lost(&session->store->base) ? sqlite_place_trouble(session) : NULL;
    session->in_transaction = false;
    bool begun = !trouble && sqlite_run_plain(session, STATEMENT_BEGIN, "BEGIN IMMEDIATE");
    session->in_transaction = begun;
    session->kept_out = !trouble && !begun && (sqlite3_errcode(session->db) & 0xFF) == SQLITE_BUSY;
    if (!trouble && !begun) {
        return false;
    }
    trouble = trouble ? trouble : look_again(session);
    sqlite_note_trouble(session->store, trouble);
    if (!trouble) {
        session->cramped = !sqlite_grow_log(session);
    }
    return !trouble;
}

static bool is_in_place(struct sqlite_session *session)
{
    const char *trouble = sqlite_place_trouble(session);
    sqlite_note_trouble(session->store, trouble);
    return !trouble;
}

static bool commit(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    if (!sqlite_run_plain(session, STATEMENT_COMMIT, "COMMIT")) {
        return false;
    }
    session->in_transaction = false;
    session->data_version = data_version(session);
    return is_in_place(session);
}

static bool is_cramped(const struct store_session *base)
{
    return ((const struct sqlite_session *)(const void *)base)->cramped;
}

static void roll_back(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite_forget_numbers(session);
    session->in_transaction = false;
    if (!sqlite3_get_autocommit(session->db)) {
        sqlite_run_plain(session, STATEMENT_ROLLBACK, "ROLLBACK");
    }
    if (!sqlite_is_lost(&session->store->base)) {
        is_in_place(session); /* that may be why it failed */
    }
}

/* The file is at hand: nobody would wait. */
static bool run_parts(struct store_session *base, size_t count, store_part *run, void *context)
{
    (void)base;
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = run(context, i);
    }
    return ok;
}

/* What failed once is tried again with each part alone, whatever it was. */
static enum store_trouble trouble(const struct store_session *base)
{
    const struct sqlite_session *session = (const struct sqlite_session *)(const void *)base;
    return session->kept_out ? STORE_AWAY : STORE_BROKEN;
}

static bool savepoint(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    return sqlite_run_plain(session, STATEMENT_SAVEPOINT, "SAVEPOINT part");
}

static bool release_part(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    return sqlite_run_plain(session, STATEMENT_RELEASE, "RELEASE part");
}

static bool undo(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    sqlite_forget_numbers(session);
    return !sqlite3_get_autocommit(session->db) &&
           sqlite_run_plain(session, STATEMENT_UNDO, "ROLLBACK TO part") && release_part(base);
}

static bool probe(struct store_session *base)
{
    struct sqlite_session *session = sqlite_session_of(base);
    return sqlite_script(session, "UPDATE facts SET value = value WHERE name = 'without'");
}

static bool is_ready(struct store_session *base)
{
    return sqlite_reads(sqlite_session_of(base));
}

const struct store_driver sqlite_driver = {
    .schemes = {SCHEME},
    .open = open_store,
    .close = close_store,
    .session_open_writing = open_writing,
    .session_open_reading = open_reading,
    .session_close = close_session,
    .begin = begin,
    .commit = commit,
    .rollback = roll_back,
    .run_parts = run_parts,
    .trouble = trouble,
    .savepoint = savepoint,
    .release = release_part,
    .undo = undo,
    .maintain = sqlite_maintain,
    .is_ready = is_ready,
    .is_cramped = is_cramped,
    .is_lost = sqlite_is_lost,
    .generation = generation,
    .probe = probe,
    .key_find = sqlite_key_find,
    .key_claim = sqlite_key_claim,
    .key_claim_in_progress = sqlite_key_claim_in_progress,
    .key_take_over = sqlite_key_take_over,
    .key_complete = sqlite_key_complete,
    .key_amend = sqlite_key_amend,
    .keys_expire = sqlite_keys_expire,
    .next_id = sqlite_next_id,
    .claim = sqlite_claim,
    .stand = sqlite_stand,
    .unclaim = sqlite_unclaim,
    .holder = sqlite_holder,
    .record_insert = sqlite_record_insert,
    .record_change = sqlite_record_change,
    .record_move = sqlite_record_move,
    .record_merge = sqlite_record_merge,
    .record_find = sqlite_record_find,
    .record_list = sqlite_record_list,
    .text_add = sqlite_text_add,
    .text_remove = sqlite_text_remove,
    .complete = sqlite_complete,
    .standing_list = sqlite_standing_list,
    .standing_count = sqlite_standing_count,
    .event_insert = sqlite_event_insert,
    .event_find = sqlite_event_find,
    .audit_append = sqlite_audit_append,
    .audit_list = sqlite_audit_list,
    .behind_list = sqlite_behind_list,
    .mark_move = sqlite_mark_move,
    .delivery_add = sqlite_delivery_add,
    .deliveries_next = sqlite_deliveries_next,
    .deliveries_lease = sqlite_deliveries_lease,
    .delivery_done = sqlite_delivery_done,
    .delivery_put_off = sqlite_delivery_put_off,
    .deliveries_park = sqlite_deliveries_park,
    .delivery_list = sqlite_delivery_list,
    .delivery_retry = sqlite_delivery_retry,
    .delivery_discard = sqlite_delivery_discard,
    .deliveries_count = sqlite_deliveries_count,
};
