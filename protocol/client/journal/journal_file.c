#include "protocol/client/journal/journal_file.h"

#include "protocol/client/intent.h"
#include "protocol/client/journal/lock_holder.h"
#include "protocol/wire/message.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each takes the schema from the version of its index to the next; what was released is never
 * changed, only added to. Accounts are keyed hashes: no token is in this file. */
static const char *const MIGRATIONS[] = {
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE intents ("
    "  id INTEGER PRIMARY KEY,"
    "  account TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  server TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  scope TEXT NOT NULL,"
    "  body BLOB NOT NULL,"
    "  fingerprint TEXT NOT NULL,"
    "  state TEXT NOT NULL"
    "    CHECK (state IN ('open', 'unconfirmed', 'created', 'conflict', 'rejected')),"
    "  owner INTEGER," /* the lease of the process that sees to it; NULL: none */
    "  created_ms INTEGER NOT NULL,"
    "  settled_ms INTEGER,"
    "  result TEXT," /* the record or the problem that settled it */
    "  UNIQUE (account, key)"
    ") STRICT;"
    "CREATE UNIQUE INDEX intents_held ON intents (account, scope)"
    "  WHERE state IN ('open', 'unconfirmed');"
    "CREATE TABLE attempts ("
    "  intent INTEGER NOT NULL REFERENCES intents (id) ON DELETE CASCADE,"
    "  attempt INTEGER NOT NULL,"
    "  begun_ms INTEGER NOT NULL,"
    "  ended_ms INTEGER,"
    "  fate TEXT CHECK (fate IN ('not sent', 'unknown', 'whole')),"
    "  http_status INTEGER,"
    "  PRIMARY KEY (intent, attempt)"
    ") STRICT, WITHOUT ROWID;"
    "INSERT INTO meta (name, value) VALUES ('secret', new_secret());",
    /* Accounts are tenants once the server has told whose the token is; runs are batches that were
     * cut short; drafts are what was typed and never pressed. */
    "CREATE TABLE accounts ("
    "  credential TEXT PRIMARY KEY," /* server and token, as a keyed hash */
    "  server TEXT NOT NULL,"
    "  tenant TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;"
    "ALTER TABLE intents ADD COLUMN replayed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE intents ADD COLUMN run INTEGER;"
    "ALTER TABLE intents ADD COLUMN position INTEGER;"
    "CREATE UNIQUE INDEX intents_placed ON intents (run, position) WHERE run IS NOT NULL;"
    "CREATE TABLE runs ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT," /* never given twice: intents keep it */
    "  account TEXT NOT NULL,"
    "  input TEXT NOT NULL," /* SHA-256 of its bytes */
    "  owner INTEGER,"
    "  begun_ms INTEGER NOT NULL,"
    "  UNIQUE (account, input)"
    ") STRICT;"
    "CREATE TABLE drafts ("
    "  owner INTEGER PRIMARY KEY," /* the lease of the process that it is typed in */
    "  account TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  body TEXT NOT NULL,"
    "  saved_ms INTEGER NOT NULL"
    ") STRICT;",
    /* Conflicts and rejections stay listed until a person has seen them. What was settled before
     * this was, or is past. */
    "ALTER TABLE intents ADD COLUMN unseen INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX intents_unseen ON intents (account) WHERE unseen <> 0;",
    /* An intent is an account's, a key and a body; several open ones of a scope are possible where
     * a token's tenant was learnt late. */
    "CREATE TABLE intents_anew ("
    "  id INTEGER PRIMARY KEY,"
    "  account TEXT NOT NULL,"
    "  key TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  server TEXT NOT NULL,"
    "  name TEXT NOT NULL,"
    "  scope TEXT NOT NULL,"
    "  body BLOB NOT NULL,"
    "  fingerprint TEXT NOT NULL,"
    "  state TEXT NOT NULL"
    "    CHECK (state IN ('open', 'unconfirmed', 'created', 'conflict', 'rejected')),"
    "  owner INTEGER,"
    "  created_ms INTEGER NOT NULL,"
    "  settled_ms INTEGER,"
    "  result TEXT,"
    "  replayed INTEGER NOT NULL DEFAULT 0,"
    "  run INTEGER,"
    "  position INTEGER,"
    "  unseen INTEGER NOT NULL DEFAULT 0,"
    "  UNIQUE (account, key, fingerprint)"
    ") STRICT;"
    "INSERT INTO intents_anew SELECT id, account, key, kind, server, name, scope, body, "
    "fingerprint,"
    "  state, owner, created_ms, settled_ms, result, replayed, run, position, unseen FROM intents;"
    "DROP TABLE intents;"
    "ALTER TABLE intents_anew RENAME TO intents;"
    "CREATE INDEX intents_open ON intents (account, scope) WHERE state IN ('open', 'unconfirmed');"
    "CREATE UNIQUE INDEX intents_placed ON intents (run, position) WHERE run IS NOT NULL;"
    "CREATE INDEX intents_unseen ON intents (account) WHERE unseen <> 0;",
    /* Numbers are compared otherwise than before; those that are one number now stay, as above. */
    "UPDATE intents SET scope = scope_of(kind, body, scope) WHERE state IN ('open', "
    "'unconfirmed');",
};

#define VERSION ((int)(sizeof MIGRATIONS / sizeof MIGRATIONS[0]))

/* --- why it failed --- */

#define LOCKED N_("another program holds it locked; try again when that is done")

static const char *advice_for_errno(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return N_("the disk is full; make room and try again");
    case EACCES:
    case EPERM:
    case EROFS:
        return N_("it can't be written; check who owns it and its permissions");
    case ELOOP:
        return N_("it is a symbolic link; put a plain file or directory in its place");
    case ENOLCK:
    case EOPNOTSUPP:
    case ENOSYS:
    case EINVAL:
        return N_("its file system has no locks, which several windows need; give it another place "
                  "(XDG_STATE_HOME)");
    case EAGAIN:
        return LOCKED;
    case ENOMEM:
        return N_("out of memory");
    default:
        return strerror(error);
    }
}

void journal_file_explain_errno(int error, const char *path, char sentence[JOURNAL_SENTENCE_MAX])
{
    snprintf(sentence, JOURNAL_SENTENCE_MAX, N_("The journal %.120s: %.150s."), path,
             advice_for_errno(error));
}

/* Where SQLite can't make a file it tries to open it for reading alone, and tells why that failed:
 * there is none. What there really was in the way is found by trying to make one. */
static int error_of_making_files(const char *path)
{
    char *probe = NULL;
    if (asprintf(&probe, "%s-probe", path) < 0) return ENOMEM;
    int file = open(probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    int error = file < 0 ? errno : EIO;
    if (file >= 0) {
        close(file);
        unlink(probe);
    }
    free(probe);
    return error;
}

static const char *advice_for_sqlite(sqlite3 *database, const char *path)
{
    int error = sqlite3_system_errno(database);
    switch (sqlite3_errcode(database) & 0xFF) {
    case SQLITE_FULL:
        return advice_for_errno(ENOSPC);
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return advice_for_errno(EACCES);
    case SQLITE_CANTOPEN:
        return advice_for_errno(error != 0 && error != ENOENT ? error
                                                              : error_of_making_files(path));
    case SQLITE_IOERR:
        return error != 0 ? advice_for_errno(error) : N_("the disk failed; check it and try again");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return N_(
            "it is damaged; move it elsewhere and keep it, as it may name invoices that are not "
            "confirmed, then try again");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return LOCKED;
    case SQLITE_NOMEM:
        return advice_for_errno(ENOMEM);
    default:
        return sqlite3_errmsg(database);
    }
}

bool journal_file_is_locked(sqlite3 *database)
{
    int error = sqlite3_errcode(database) & 0xFF;
    return error == SQLITE_BUSY || error == SQLITE_LOCKED || error == SQLITE_PROTOCOL;
}

/* False: it can't be told who has it locked. */
static bool explain_lock(const char *path, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct lock_holder holder;
    if (!lock_holder_find(path, &holder)) return false;
    snprintf(
        sentence, JOURNAL_SENTENCE_MAX,
        N_("The journal %.120s: process %ld (%.15s) holds it locked; end it, or try again when "
           "it is done."),
        path, holder.process, holder.name);
    return true;
}

void journal_file_explain(sqlite3 *database, const char *path, char sentence[JOURNAL_SENTENCE_MAX])
{
    if (journal_file_is_locked(database) && explain_lock(path, sentence)) return;
    snprintf(sentence, JOURNAL_SENTENCE_MAX, N_("The journal %.120s: %.150s."), path,
             advice_for_sqlite(database, path));
}

/* --- the directory and the file --- */

static bool sync_directory(const char *path)
{
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return false;
    bool synced = fsync(directory) == 0;
    close(directory);
    return synced;
}

/* "/a/b" of "/a/b/c"; the caller frees. */
static char *parent_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static bool make_directories(const char *path)
{
    struct stat is;
    if (stat(path, &is) == 0) {
        errno = ENOTDIR;
        return S_ISDIR(is.st_mode);
    }
    char *parent = errno == ENOENT ? parent_of(path) : NULL;
    if (parent == NULL) return false;
    bool made = make_directories(parent) && (mkdir(path, 0700) == 0 || errno == EEXIST) &&
                sync_directory(parent);
    free(parent);
    return made;
}

/* Others who can write in the directory could put another file in the journal's place. */
static bool directory_is_ours(const char *path)
{
    struct stat is;
    if (stat(path, &is) != 0) return false;
    errno = EPERM;
    return (is.st_mode & (S_IWGRP | S_IWOTH)) == 0 || (is.st_mode & S_ISVTX) != 0;
}

/* Made here and not by SQLite, whose files follow the umask. An existing one is never opened here:
 * closing it again would drop the locks of this process's other connections. */
static bool make_file(const char *path, const char *directory)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return errno == EEXIST;
    bool made = fchmod(file, 0600) == 0 && fsync(file) == 0;
    close(file);
    return made && sync_directory(directory);
}

/* One that can't be written is never opened: SQLite would leave files beside it that can't be
 * written either, and that stay so when the journal's own mode has been mended. */
static bool file_is_ours(const char *path)
{
    struct stat is;
    if (lstat(path, &is) != 0) return false;
    errno = S_ISLNK(is.st_mode) ? ELOOP : EPERM;
    if (!S_ISREG(is.st_mode) || is.st_uid != geteuid()) return false;
    bool shared = (is.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    return (!shared || chmod(path, 0600) == 0) && access(path, R_OK | W_OK) == 0;
}

static bool prepare_file(const char *path)
{
    char *directory = parent_of(path);
    if (directory == NULL) return false;
    bool ready = make_directories(directory) && directory_is_ours(directory) &&
                 make_file(path, directory) && file_is_ours(path);
    int error = errno;
    free(directory);
    errno = error;
    return ready;
}

static bool look(const char *path, const char *ending, struct stat *is)
{
    char *whole = NULL;
    if (asprintf(&whole, "%s%s", path, ending) < 0) return false;
    bool there = lstat(whole, is) == 0;
    free(whole);
    return there;
}

bool journal_files_look(const char *path, struct journal_files *files)
{
    struct stat file, log;
    if (!look(path, "", &file) || !look(path, "-wal", &log)) return false;
    *files = (struct journal_files){.device = file.st_dev, .file = file.st_ino, .log = log.st_ino};
    return true;
}

bool journal_files_are_same(const struct journal_files *a, const struct journal_files *b)
{
    return a->device == b->device && a->file == b->file && a->log == b->log;
}

/* --- the tables --- */

static void new_secret(sqlite3_context *context, int count, sqlite3_value **values)
{
    unsigned char secret[JOURNAL_SECRET_SIZE];
    (void)count, (void)values;
    if (getrandom(secret, sizeof secret, 0) != (ssize_t)sizeof secret)
        sqlite3_result_error(context, "no random bytes", -1);
    else
        sqlite3_result_blob(context, secret, sizeof secret, SQLITE_TRANSIENT);
}

/* What a body's kind makes of it now; what was kept where that can't be told. */
static void scope_of(sqlite3_context *context, int count, sqlite3_value **values)
{
    char problem[JSON_PROBLEM_MAX];
    (void)count;
    const char *name = (const char *)sqlite3_value_text(values[0]);
    const void *body = sqlite3_value_blob(values[1]);
    const struct resource *kind = name != NULL ? intent_kind_named(name) : NULL;
    struct json *json =
        kind != NULL && body != NULL
            ? json_read_object(body, (size_t)sqlite3_value_bytes(values[1]), problem)
            : NULL;
    char *scope = json != NULL ? intent_scope(kind, json) : NULL;
    if (scope != NULL)
        sqlite3_result_text(context, scope, -1, free);
    else
        sqlite3_result_value(context, values[2]);
    json_free(json);
}

static bool run(sqlite3 *database, const char *sql)
{
    return sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* -1 when it can't be read. */
static int version_of(sqlite3 *database)
{
    sqlite3_stmt *statement = NULL;
    int version = -1;
    if (sqlite3_prepare_v2(database, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        version = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return version;
}

static bool migrate_from(sqlite3 *database, int version)
{
    char set_version[40];
    for (; version < VERSION; version++)
        if (!run(database, MIGRATIONS[version])) return false;
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", VERSION);
    return run(database, set_version);
}

/* Under the write lock the version is read again: another process may have been quicker. What fails
 * is rolled back by closing. */
static bool migrate(sqlite3 *database)
{
    if (!run(database, "BEGIN IMMEDIATE")) return false;
    int version = version_of(database);
    return version >= 0 && (version >= VERSION || migrate_from(database, version)) &&
           run(database, "COMMIT");
}

static bool set_up(sqlite3 *database)
{
    return sqlite3_busy_timeout(database, JOURNAL_MOMENT_MS) == SQLITE_OK &&
           sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) == SQLITE_OK &&
           sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) == SQLITE_OK &&
           sqlite3_create_function_v2(database, "new_secret", 0, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                      NULL, new_secret, NULL, NULL, NULL) == SQLITE_OK &&
           sqlite3_create_function_v2(database, "scope_of", 3, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                      NULL, scope_of, NULL, NULL, NULL) == SQLITE_OK &&
           run(database, "PRAGMA journal_mode = WAL") &&
           run(database, "PRAGMA synchronous = FULL") &&
           run(database, "PRAGMA wal_autocheckpoint = 0") && /* see journal_log.h */
           /* SQLite opens a table in memory for a CHECK with a list, for every row. Other programs
            * need them; we write no word that isn't in a table of our own. */
           run(database, "PRAGMA ignore_check_constraints = ON");
}

/* False with a sentence. */
static bool bring_up_to_date(sqlite3 *database, const char *path,
                             char sentence[JOURNAL_SENTENCE_MAX])
{
    int version = version_of(database);
    if (version < 0 || (version < VERSION && !migrate(database)) ||
        (version = version_of(database)) < 0) {
        journal_file_explain(database, path, sentence);
        return false;
    }
    if (version > VERSION)
        snprintf(
            sentence, JOURNAL_SENTENCE_MAX,
            N_("The journal %.120s was made by a newer invonce (its format is %d, ours %d); use "
               "that one."),
            path, version, VERSION);
    return version == VERSION;
}

enum journal_status journal_file_prepare(const char *path, char sentence[JOURNAL_SENTENCE_MAX])
{
    if (prepare_file(path)) return JOURNAL_OK;
    journal_file_explain_errno(errno, path, sentence);
    return JOURNAL_FAILED;
}

enum journal_status journal_file_open(const char *path, sqlite3 **database,
                                      char sentence[JOURNAL_SENTENCE_MAX])
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (sqlite3_open_v2(path, database, flags, NULL) != SQLITE_OK || !set_up(*database))
        journal_file_explain(*database, path, sentence);
    else if (bring_up_to_date(*database, path, sentence)) {
        /* Only now: a table that is made anew takes nothing of others along. */
        if (run(*database, "PRAGMA foreign_keys = ON")) return JOURNAL_OK;
        journal_file_explain(*database, path, sentence);
    }
    bool locked = journal_file_is_locked(*database);
    sqlite3_close(*database);
    *database = NULL;
    return locked ? JOURNAL_LOCKED : JOURNAL_FAILED;
}
