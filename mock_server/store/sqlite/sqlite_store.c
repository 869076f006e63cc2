/* Opening a store: its file, its schema, its transactions. */
#include "mock_server/store/store.h"

#include "mock_server/base/embedded.h"
#include "mock_server/base/log.h"
#include "mock_server/store/sqlite/sqlite_session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* WAL with FULL: a commit is on disk when it returns. Checkpoints are ours (store_maintain). */
#define SETTINGS_WRITING                                                                           \
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"               \
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA journal_size_limit=134217728;"     \
    "PRAGMA foreign_keys=OFF"

/* The schema's versions, each the step from the one before. */
static const unsigned char *const MIGRATIONS[] = {embedded_schema_0001, embedded_schema_0002,
                                                  embedded_schema_0003, embedded_schema_0004};
#define VERSION ((int)(sizeof MIGRATIONS / sizeof MIGRATIONS[0]))

static const struct {
    enum store_layer layer;
    const char *option;
} LAYERS[] = {{STORE_NO_UNIQUE, "--without unique"},
              {STORE_NO_IDEMPOTENCY, "--without idempotency"},
              {STORE_CHECK_THEN_STORE, "--bug check-then-store"}};

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
static bool make_file(struct store *store, char message[STORE_MESSAGE_MAX])
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
static bool look_at_file(struct store *store, char message[STORE_MESSAGE_MAX])
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

static bool read_number(struct store_session *session, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(session->db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    if (ok) {
        *number = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return ok;
}

static bool note_layers(struct store_session *session, unsigned without)
{
    char fact[96];
    snprintf(fact, sizeof fact, "INSERT INTO facts VALUES ('without', '%u')", without);
    return sqlite_script(session, fact);
}

static bool make_numbers_index(struct store_session *session, unsigned without)
{
    bool unique = (without & (STORE_NO_UNIQUE | STORE_CHECK_THEN_STORE)) == 0;
    return sqlite_script(
        session, (const char *)(unique ? embedded_numbers_unique : embedded_numbers_repeated));
}

/* From an older version, 0 for a store that isn't one yet. */
static bool bring_up_to_date(struct store_session *session, int64_t version, unsigned without)
{
    bool is_new = version == 0;
    if (!is_new) {
        log_event("info", "the store is of an older version: bringing it up to date", "store",
                  session->store->path);
    }
    char set_version[64];
    snprintf(set_version, sizeof set_version, "PRAGMA user_version=%d", VERSION);
    sqlite_show_work(session, true);
    bool ok = sqlite_script(session, set_version);
    for (; ok && version < VERSION; version++) {
        ok = sqlite_script(session, (const char *)MIGRATIONS[version]);
    }
    ok = ok && (!is_new || note_layers(session, without)) && make_numbers_index(session, without);
    sqlite_show_work(session, false);
    return ok;
}

static void describe_layers(unsigned layers, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < sizeof LAYERS / sizeof LAYERS[0]; i++) {
        if (layers & (unsigned)LAYERS[i].layer) {
            int added =
                snprintf(text + length, size - length, "%s%s", length ? " " : "", LAYERS[i].option);
            length += added > 0 ? (size_t)added : 0;
        }
    }
    if (length == 0) {
        snprintf(text, size, "every layer");
    }
}

static bool check_layers(struct store_session *session, unsigned without,
                         char message[STORE_MESSAGE_MAX])
{
    int64_t made = 0;
    if (!read_number(session, "SELECT CAST(value AS INTEGER) FROM facts WHERE name = 'without'",
                     &made)) {
        snprintf(message, STORE_MESSAGE_MAX, "%s is not a store of this program",
                 session->store->path);
        return false;
    }
    if ((unsigned)made != without) {
        char then[80], now[80];
        describe_layers((unsigned)made, then, sizeof then);
        describe_layers(without, now, sizeof now);
        snprintf(message, STORE_MESSAGE_MAX,
                 "the store %s was made with %s and cannot be opened with %s: use another store",
                 session->store->path, then, now);
    }
    return (unsigned)made == without;
}

/* Nothing is changed in a store that isn't for this program, or not with these options. */
static bool suits(struct store_session *session, int64_t version, unsigned without,
                  char message[STORE_MESSAGE_MAX])
{
    if (version > VERSION) {
        snprintf(message, STORE_MESSAGE_MAX,
                 "the store %s was made by a newer version of this program (schema %d, this one "
                 "knows %d)",
                 session->store->path, (int)version, VERSION);
        return false;
    }
    return version == 0 || check_layers(session, without, message);
}

static bool migrate(struct store_session *session, unsigned without,
                    char message[STORE_MESSAGE_MAX])
{
    int64_t version = 0;
    bool ok =
        sqlite_begin_patiently(session) && read_number(session, "PRAGMA user_version", &version);
    if (ok && !suits(session, version, without, message)) {
        sqlite_script(session, "ROLLBACK");
        return false;
    }
    ok = ok && (version == VERSION || bring_up_to_date(session, version, without)) &&
         sqlite_script(session, "COMMIT");
    if (!ok) {
        snprintf(message, STORE_MESSAGE_MAX, "the store %s cannot be used: %s",
                 session->store->path, sqlite3_errmsg(session->db));
        sqlite3_exec(session->db, "ROLLBACK", NULL, NULL, NULL);
    }
    return ok;
}

struct store *store_open(const char *url, unsigned without, char message[STORE_MESSAGE_MAX])
{
    static const char SCHEME[] = "sqlite:";
    snprintf(message, STORE_MESSAGE_MAX, "out of memory");
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* its counters are one lock for all threads */
    struct store *store = calloc(1, sizeof(struct store));
    if (!store || strncmp(url, SCHEME, sizeof SCHEME - 1) != 0) {
        free(store);
        return NULL;
    }
    store->without = without;
    store->path = strdup(url + sizeof SCHEME - 1);
    if (!store->path || !make_file(store, message) || !look_at_file(store, message)) {
        store_close(store);
        return NULL;
    }
    struct store_session *session = sqlite_session_open(store, SETTINGS_WRITING);
    if (!session) {
        snprintf(message, STORE_MESSAGE_MAX, "the store %s cannot be opened", store->path);
    }
    bool ok = session && migrate(session, without, message);
    store_session_close(session);
    if (!ok) {
        store_close(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    if (store) {
        for (size_t i = 0; i < STORE_FILE_COUNT; i++) {
            free(store->files[i].path);
        }
        free(store->path);
        free(store);
    }
}

struct store_session *store_session_open_writing(struct store *store)
{
    struct store_session *session = sqlite_session_open(store, SETTINGS_WRITING);
    if (session && (!sqlite_note_place(session) || !sqlite_log_start_mover(session))) {
        store_session_close(session);
        return NULL;
    }
    return session;
}

void store_session_close(struct store_session *session)
{
    if (session) {
        sqlite_log_stop_mover(session);
    }
    sqlite_session_close(session);
}

static unsigned data_version(struct store_session *session)
{
    unsigned version = 0;
    sqlite3_file_control(session->db, "main", SQLITE_FCNTL_DATA_VERSION, &version);
    return version;
}

/* With the write lock held, after somebody else wrote: a later version of this program keeps its
 * records in another way. NULL: all is well. */
static const char *version_trouble(struct store_session *session)
{
    sqlite3_stmt *statement = sqlite_statement(session, STATEMENT_VERSION, "PRAGMA user_version");
    if (!statement || sqlite_row(session, statement) != STORE_OK) {
        return "its version cannot be read";
    }
    int version = sqlite3_column_int(statement, 0);
    sqlite_done(statement);
    return version == VERSION ? NULL : "another version of this program has changed it";
}

/* What was remembered of the store is worth nothing once somebody else wrote. */
static const char *look_again(struct store_session *session)
{
    if (data_version(session) == session->data_version) {
        return NULL;
    }
    sqlite_forget_numbers(session);
    return version_trouble(session);
}

/* Nothing more goes to a file that is lost, unless it is back. */
bool store_begin(struct store_session *session)
{
    const char *trouble = store_is_lost(session->store) ? sqlite_place_trouble(session) : NULL;
    if (!trouble && !sqlite_run_plain(session, STATEMENT_BEGIN, "BEGIN IMMEDIATE")) {
        return false;
    }
    trouble = trouble ? trouble : look_again(session);
    sqlite_note_trouble(session->store, trouble);
    if (!trouble) {
        session->cramped = !sqlite_grow_log(session);
    }
    return !trouble;
}

static bool is_in_place(struct store_session *session)
{
    const char *trouble = sqlite_place_trouble(session);
    sqlite_note_trouble(session->store, trouble);
    return !trouble;
}

bool store_commit(struct store_session *session)
{
    if (!sqlite_run_plain(session, STATEMENT_COMMIT, "COMMIT")) {
        return false;
    }
    session->data_version = data_version(session);
    return is_in_place(session);
}

bool store_is_cramped(const struct store_session *session)
{
    return session->cramped;
}

void store_rollback(struct store_session *session)
{
    sqlite_forget_numbers(session);
    if (!sqlite3_get_autocommit(session->db)) {
        sqlite_run_plain(session, STATEMENT_ROLLBACK, "ROLLBACK");
    }
    if (!store_is_lost(session->store)) {
        is_in_place(session); /* that may be why it failed */
    }
}

bool store_savepoint(struct store_session *session)
{
    return sqlite_run_plain(session, STATEMENT_SAVEPOINT, "SAVEPOINT part");
}

bool store_release(struct store_session *session)
{
    return sqlite_run_plain(session, STATEMENT_RELEASE, "RELEASE part");
}

bool store_undo(struct store_session *session)
{
    sqlite_forget_numbers(session);
    return !sqlite3_get_autocommit(session->db) &&
           sqlite_run_plain(session, STATEMENT_UNDO, "ROLLBACK TO part") && store_release(session);
}

bool store_probe(struct store_session *session)
{
    return sqlite_script(session, "UPDATE facts SET value = value WHERE name = 'without'");
}
