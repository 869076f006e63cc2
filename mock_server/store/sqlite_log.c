/* SQLite's write-ahead log: grown ahead of need, and emptied into the main file by the writer. */
#include "mock_server/store/sqlite_session.h"

/* Pages in the log before it is worth moving them. Moved by the writer itself the log starts anew
 * each time, which under load it never does when another thread moves it. Many pages make a stall
 * of it, which matters where many wait: where few do, fewer and longer ones cost less. */
#define WORTH_MOVING     2000
#define WORTH_MOVING_FEW 8000
#define FEW_JOBS         12

#define LOG_FRAME  (4096 + 24)
#define AHEAD      (64 * LOG_FRAME) /* what a transaction may append without growing the file */
#define GROWTH_MIN (256 * 1024)
#define GROWTH_MAX (1024 * 1024)

/* A commit that makes the file longer waits for the file system's own journal as well as for the
 * data, and is several times slower than one that writes over what is there. So the log grows by
 * zeros, many pages at a time; SQLite takes them for what they are, no frames. Only with the write
 * lock held: nobody else appends meanwhile. */
void sqlite_grow_log(struct store_session *session)
{
    static const char ZEROS[64 * 1024];
    sqlite3_int64 needed = (sqlite3_int64)session->wal_pages * LOG_FRAME + AHEAD;
    sqlite3_file *log = NULL;
    sqlite3_int64 size = 0;
    if (needed <= session->log_size ||
        sqlite3_file_control(session->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) !=
            SQLITE_OK ||
        !log || !log->pMethods || log->pMethods->xFileSize(log, &size) != SQLITE_OK) {
        return;
    }
    sqlite3_int64 growth = size / 2 < GROWTH_MIN ? GROWTH_MIN : size / 2;
    sqlite3_int64 until = size + (growth > GROWTH_MAX ? GROWTH_MAX : growth);
    if (needed <= size) {
        until = size; /* it was long already */
    }
    while (size < until && log->pMethods->xWrite(log, ZEROS, sizeof ZEROS, size) == SQLITE_OK) {
        size += (sqlite3_int64)sizeof ZEROS;
    }
    session->log_size = size;
}

/* Where a reader holds the log's start, moving does not empty it: then once more after as many
 * pages again, rather than after each commit. */
void store_maintain(struct store_session *writing, size_t jobs)
{
    int worth_moving = jobs <= FEW_JOBS ? WORTH_MOVING_FEW : WORTH_MOVING;
    if (writing->wal_pages < writing->moved_at) {
        writing->moved_at = 0; /* started anew */
    }
    if (writing->wal_pages - writing->moved_at >= worth_moving) {
        sqlite3_wal_checkpoint_v2(writing->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        writing->moved_at = writing->wal_pages;
    }
}
