/* Whether the files that a store was opened from are still the ones at their place. A file that was
 * removed takes everything that is written to it, and with it goes the record that a 201 spoke of.
 */
#include "mock_server/store/sqlite/sqlite_session.h"

#include "mock_server/base/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The header's count of pages (SQLite's file format, 1.3), as bytes of the file. */
#define PAGE_COUNT_AT 28
#define PAGE_SIZE     4096

/* The log, and its index in shared memory (SQLite's WAL-mode file format). */
#define LOG_SALT_AT   16
#define LOG_HEAD      32
#define FRAME_SALT_AT 8
#define FRAME_HEAD    24    /* a page follows */
#define INDEX_SIZE    32768 /* its first piece, that is always there */

/* How the log's index begins; it has this twice, so that one that is just being written shows. */
struct log_index {
    uint32_t version, unused, change;
    uint8_t is_set_up, checksums;
    uint16_t page_size; /* 1: 65536 */
    uint32_t frames;    /* that the log holds */
    uint32_t pages;     /* that the store has */
    uint32_t last_checksum[2];
    unsigned char salt[STORE_LOG_SALT]; /* another one each time the log is started anew */
    uint32_t checksum[2];
};
_Static_assert(sizeof(struct log_index) == 48, "as SQLite has it");

static bool is_same(const struct stat *found, const struct stat *opened)
{
    return found->st_dev == opened->st_dev && found->st_ino == opened->st_ino;
}

/* Beside the file that was opened, which the given name may be a symbolic link to. */
static bool name_files(struct sqlite_session *session)
{
    struct sqlite_store *store = session->store;
    const char *opened = sqlite3_db_filename(session->db, "main");
    return opened && (store->files[STORE_MAIN].path = strdup(store->path)) &&
           asprintf(&store->files[STORE_LOG].path, "%s-wal", opened) >= 0 &&
           asprintf(&store->files[STORE_LOG_INDEX].path, "%s-shm", opened) >= 0;
}

bool sqlite_note_place(struct sqlite_session *writing)
{
    struct sqlite_store *store = writing->store;
    if (store->files[STORE_MAIN].path) {
        return true;
    }
    bool ok = sqlite_reads(writing) && name_files(writing); /* a read opens the log */
    for (size_t i = 0; ok && i < STORE_FILE_COUNT; i++) {
        ok = stat(store->files[i].path, &store->files[i].opened) == 0;
    }
    return ok;
}

/* False: somebody is writing it. */
static bool read_log_index(struct sqlite_session *session, struct log_index *index)
{
    sqlite3_file *file = NULL;
    volatile void *shared = NULL;
    if (sqlite3_file_control(session->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        file->pMethods->xShmMap(file, 0, INDEX_SIZE, 0, &shared) != SQLITE_OK || !shared) {
        return false;
    }
    struct log_index both[2];
    for (size_t i = 0; i < sizeof both; i++) {
        ((unsigned char *)both)[i] = ((const volatile unsigned char *)shared)[i];
    }
    *index = both[0];
    return memcmp(&both[0], &both[1], sizeof both[0]) == 0;
}

uint64_t sqlite_last_commit(struct sqlite_session *session)
{
    struct log_index index;
    return read_log_index(session, &index)
               ? (uint64_t)index.last_checksum[0] << 32 | index.last_checksum[1]
               : 0;
}

static int page_size(const struct log_index *index)
{
    return index->page_size == 1 ? 65536 : index->page_size;
}

/* Where that many frames end in the log. */
static sqlite3_int64 end_of(uint32_t frames, const struct log_index *index)
{
    return LOG_HEAD + (sqlite3_int64)frames * (FRAME_HEAD + page_size(index));
}

/* It may shrink by a VACUUM, and then it says itself how many pages it has. Where it speaks of more
 * than there are, or the store is no smaller than the file was, it was cut, or an older copy of it
 * was written over it. */
static bool is_cut(struct sqlite_session *session, const struct log_index *index,
                   const struct stat *found)
{
    struct stat *known = &session->store->files[STORE_MAIN].opened;
    if (found->st_size < known->st_size) {
        sqlite3_file *file = NULL;
        unsigned char count[4];
        if (sqlite3_file_control(session->db, "main", SQLITE_FCNTL_FILE_POINTER, &file) !=
                SQLITE_OK ||
            file->pMethods->xRead(file, count, sizeof count, PAGE_COUNT_AT) != SQLITE_OK) {
            return true;
        }
        sqlite3_int64 pages =
            (sqlite3_int64)count[0] << 24 | count[1] << 16 | count[2] << 8 | count[3];
        if (pages == 0 || pages * PAGE_SIZE > found->st_size ||
            index->pages * (sqlite3_int64)page_size(index) >= known->st_size) {
            return true;
        }
    }
    known->st_size = found->st_size;
    return false;
}

static bool has_salt(struct sqlite_session *session, sqlite3_int64 at,
                     const unsigned char salt[STORE_LOG_SALT])
{
    unsigned char found[STORE_LOG_SALT];
    sqlite3_file *log = NULL;
    return sqlite3_file_control(session->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) ==
               SQLITE_OK &&
           log && log->pMethods &&
           log->pMethods->xRead(log, found, sizeof found, at) == SQLITE_OK &&
           memcmp(found, salt, sizeof found) == 0;
}

/* What its index speaks of must be in the log. Where it was cut, SQLite appends behind the hole all
 * the same, and so makes it as long as it was: but the frame that was the last one is gone, or,
 * where it was started anew since, its head. */
static bool is_log_cut(struct sqlite_session *session, const struct log_index *index,
                       sqlite3_int64 size)
{
    struct log_seen *seen = &session->store->log;
    struct log_index again;
    bool same = memcmp(index->salt, seen->salt, sizeof seen->salt) == 0 && seen->frames > 0;
    sqlite3_int64 at = same ? end_of(seen->frames - 1, index) + FRAME_SALT_AT : LOG_SALT_AT;
    bool is_cut = index->frames > 0 &&
                  (size < end_of(index->frames, index) || !has_salt(session, at, index->salt));
    if (!is_cut) {
        memcpy(seen->salt, index->salt, sizeof seen->salt);
        seen->frames = index->frames;
        return false;
    }
    return read_log_index(session, &again) &&
           memcmp(index->salt, again.salt, sizeof again.salt) == 0;
}

static const char *cut_trouble(struct sqlite_session *writing, const struct log_index *index,
                               const struct stat found[STORE_FILE_COUNT])
{
    const char *trouble = NULL;
    if (is_cut(writing, index, &found[STORE_MAIN])) {
        trouble = "it was cut short, or an older copy written over it";
    } else if (is_log_cut(writing, index, found[STORE_LOG].st_size)) {
        trouble = "the log beside it was cut short";
    }
    atomic_store(&writing->store->unsound, trouble != NULL);
    return trouble;
}

const char *sqlite_place_trouble(struct sqlite_session *writing)
{
    struct sqlite_store *store = writing->store;
    struct stat found[STORE_FILE_COUNT];
    struct log_index index; /* as it was before the files were looked at, which only grow */
    bool is_known = read_log_index(writing, &index);
    for (size_t i = 0; i < STORE_FILE_COUNT; i++) {
        if (stat(store->files[i].path, &found[i]) != 0) {
            return errno == ENOENT ? "it, or a file beside it, was removed or moved"
                                   : strerror(errno);
        }
        if (!is_same(&found[i], &store->files[i].opened)) {
            return "it, or a file beside it, was replaced by another";
        }
    }
    return is_known ? cut_trouble(writing, &index, found) : NULL; /* else the next look tells */
}

void sqlite_note_trouble(struct sqlite_store *store, const char *trouble)
{
    if (atomic_exchange(&store->lost, trouble != NULL) == (trouble != NULL)) {
        return; /* told already */
    }
    struct log_line line;
    log_begin(&line, trouble ? "error" : "info",
              trouble ? "the store is not the one that was opened: nothing is read or saved until "
                        "that is back, or the server started anew"
                      : "the store is at its place again");
    log_text(&line, "store", store->path);
    log_text(&line, "reason", trouble);
    log_end(&line);
}

bool sqlite_is_lost(struct store *store)
{
    return atomic_load_explicit(&sqlite_store_of(store)->lost, memory_order_relaxed);
}
