/* Whether the files that a store was opened from are still the ones at their place. A file that was
 * removed takes everything that is written to it, and with it goes the record that a 201 spoke of.
 */
#include "mock_server/store/sqlite_session.h"

#include "mock_server/log.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The header's count of pages (SQLite's file format, 1.3), as bytes of the file. */
#define PAGE_COUNT_AT 28
#define PAGE_SIZE     4096

static bool is_same(const struct stat *found, const struct stat *opened)
{
    return found->st_dev == opened->st_dev && found->st_ino == opened->st_ino;
}

/* Beside the file that was opened, which the given name may be a symbolic link to. */
static bool name_files(struct store_session *session)
{
    struct store *store = session->store;
    const char *opened = sqlite3_db_filename(session->db, "main");
    return opened && (store->files[STORE_MAIN].path = strdup(store->path)) &&
           asprintf(&store->files[STORE_LOG].path, "%s-wal", opened) >= 0 &&
           asprintf(&store->files[STORE_LOG_INDEX].path, "%s-shm", opened) >= 0;
}

bool sqlite_note_place(struct store_session *writing)
{
    struct store *store = writing->store;
    if (store->files[STORE_MAIN].path) {
        return true;
    }
    bool ok = store_is_ready(writing) && name_files(writing); /* a read opens the log */
    for (size_t i = 0; ok && i < STORE_FILE_COUNT; i++) {
        ok = stat(store->files[i].path, &store->files[i].opened) == 0;
    }
    return ok;
}

/* It may shrink by a VACUUM, whose new count of pages is in the file's own header; where that
 * speaks of more than there is, the file was cut. */
static bool is_cut(struct store_session *session, const struct stat *found)
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
        if (pages == 0 || pages * PAGE_SIZE > found->st_size) {
            return true;
        }
    }
    known->st_size = found->st_size;
    return false;
}

const char *sqlite_place_trouble(struct store_session *writing)
{
    struct store *store = writing->store;
    for (size_t i = 0; i < STORE_FILE_COUNT; i++) {
        struct stat found;
        if (stat(store->files[i].path, &found) != 0) {
            return errno == ENOENT ? "it, or a file beside it, was removed or moved"
                                   : strerror(errno);
        }
        if (!is_same(&found, &store->files[i].opened)) {
            return "it, or a file beside it, was replaced by another";
        }
        if (i == STORE_MAIN && is_cut(writing, &found)) {
            return "it was cut short";
        }
    }
    return NULL;
}

void sqlite_note_trouble(struct store *store, const char *trouble)
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

bool store_is_lost(struct store *store)
{
    return atomic_load_explicit(&store->lost, memory_order_relaxed);
}
