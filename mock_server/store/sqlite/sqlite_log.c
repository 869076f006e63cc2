/* SQLite's write-ahead log: grown ahead of need, and emptied into the main file. */
#include "mock_server/store/sqlite/sqlite_session.h"

#include <pthread.h>
#include <stdlib.h>

/* Pages in the log before it is worth moving them, and so few that the writer does it on the way.
 */
#define WORTH_MOVING 4000
#define LITTLE       600
#define PASSES_MAX   3

#define SETTINGS_MOVING                                                                            \
    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-200"

#define LOG_FRAME  (4096 + 24)
#define AHEAD      (64 * LOG_FRAME) /* what a transaction may append without growing the file */
#define GROWTH_MIN (256 * 1024)
#define GROWTH_MAX (1024 * 1024)

/* A commit that makes the file longer waits for the file system's own journal as well as for the
 * data, and is several times slower than one that writes over what is there. So the log grows by
 * zeros, many pages at a time; SQLite takes them for what they are, no frames. Only with the write
 * lock held: nobody else appends meanwhile. */
bool sqlite_grow_log(struct sqlite_session *session)
{
    static const char ZEROS[64 * 1024];
    sqlite3_int64 needed = (sqlite3_int64)session->wal_pages * LOG_FRAME + AHEAD;
    sqlite3_file *log = NULL;
    sqlite3_int64 size = 0;
    if (needed <= session->log_size) {
        return true;
    }
    if (sqlite3_file_control(session->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) !=
            SQLITE_OK ||
        !log || !log->pMethods || log->pMethods->xFileSize(log, &size) != SQLITE_OK) {
        return false;
    }
    sqlite3_int64 growth = size / 2 < GROWTH_MIN ? GROWTH_MIN : size / 2;
    sqlite3_int64 until = size + (growth > GROWTH_MAX ? GROWTH_MAX : growth);
    if (needed <= size) {
        until = size; /* it was long already */
    } else if (until < needed) {
        until = needed;
    }
    while (size < until && log->pMethods->xWrite(log, ZEROS, sizeof ZEROS, size) == SQLITE_OK) {
        size += (sqlite3_int64)sizeof ZEROS;
    }
    session->log_size = size;
    return needed <= size;
}

/* The pages in the log are moved by a thread beside the writer, who would hold everybody up
 * meanwhile. But SQLite starts the log anew only when nothing is left in it, and under load more is
 * always appended: so what little is left in the end is moved by the writer, between two
 * transactions. */
struct log_mover {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked;
    struct sqlite_session *session, *pin; /* the thread's while MOVER_ASKED, else the writer's */
    enum { MOVER_IDLE, MOVER_ASKED, MOVER_DONE } state;
    bool stopping;
};

/* Moves what is committed by now; how many of the log's pages are moved.
 *
 * Where a commit starts the log anew between a checkpoint's look at the log's head and its look at
 * how much of it is moved, SQLite 3.7.0 to 3.51.2 takes pages of the new log for moved ones, and
 * what they hold is lost (its documentation calls it the WAL-reset bug). So every checkpoint of
 * ours, here and in the client's journal, is inside a read transaction of another connection. That
 * one either reads from the log, and then nobody starts the log anew; or it found all of it moved
 * and reads from the main file alone, and then no checkpoint writes there. Both are locks that hold
 * for every process. None is needed where the last connection closes: SQLite then has the file to
 * itself. */
static int move_pages(struct log_mover *mover)
{
    int in_log = 0, moved = 0;
    if (!sqlite_read_begin(mover->pin)) {
        return 0;
    }
    if (sqlite_reads(mover->pin)) { /* it reads only from its first row on */
        sqlite3_wal_checkpoint_v2(mover->session->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log,
                                  &moved);
    }
    sqlite_read_end(mover->pin);
    return moved;
}

/* Each pass moves what was appended during the one before. */
static void move_most(struct log_mover *mover)
{
    int moved = 0, before = 0;
    for (int pass = 0; pass < PASSES_MAX && (pass == 0 || moved - before >= LITTLE); pass++) {
        before = moved;
        moved = move_pages(mover);
    }
}

static void *move_when_asked(void *context)
{
    struct log_mover *mover = context;
    pthread_setname_np(pthread_self(), "log mover");
    pthread_mutex_lock(&mover->lock);
    while (!mover->stopping) {
        if (mover->state != MOVER_ASKED) {
            pthread_cond_wait(&mover->asked, &mover->lock);
            continue;
        }
        pthread_mutex_unlock(&mover->lock);
        move_most(mover);
        pthread_mutex_lock(&mover->lock);
        mover->state = MOVER_DONE;
    }
    pthread_mutex_unlock(&mover->lock);
    return NULL;
}

bool sqlite_log_start_mover(struct sqlite_session *writing)
{
    struct log_mover *mover = calloc(1, sizeof(struct log_mover));
    if (!mover) {
        return false;
    }
    *mover = (struct log_mover){.lock = PTHREAD_MUTEX_INITIALIZER,
                                .asked = PTHREAD_COND_INITIALIZER,
                                .session = sqlite_session_open(writing->store, SETTINGS_MOVING),
                                .pin = sqlite_session_open_to_read(writing->store)};
    if (!mover->session || !mover->pin ||
        pthread_create(&mover->thread, NULL, move_when_asked, mover) != 0) {
        sqlite_session_close(mover->session);
        sqlite_session_close(mover->pin);
        free(mover);
        return false;
    }
    writing->mover = mover;
    return true;
}

void sqlite_log_stop_mover(struct sqlite_session *writing)
{
    struct log_mover *mover = writing->mover;
    if (!mover) {
        return;
    }
    pthread_mutex_lock(&mover->lock);
    mover->stopping = true;
    pthread_cond_signal(&mover->asked);
    pthread_mutex_unlock(&mover->lock);
    pthread_join(mover->thread, NULL);
    sqlite_session_close(mover->session);
    sqlite_session_close(mover->pin);
    free(mover);
    writing->mover = NULL;
}

/* Asks the mover, or takes note that it is done. */
static bool most_is_moved(struct log_mover *mover)
{
    pthread_mutex_lock(&mover->lock);
    bool done = mover->state == MOVER_DONE;
    if (done) {
        mover->state = MOVER_IDLE;
    } else if (mover->state == MOVER_IDLE) {
        mover->state = MOVER_ASKED;
        pthread_cond_signal(&mover->asked);
    }
    pthread_mutex_unlock(&mover->lock);
    return done;
}

/* Where a reader holds the log's start, moving does not empty it: then once more after as many
 * pages again, rather than after each commit. */
void sqlite_maintain(struct store_session *base)
{
    struct sqlite_session *writing = sqlite_session_of(base);
    if (sqlite_is_lost(&writing->store->base)) {
        return; /* what the log speaks of may not be in it */
    }
    if (writing->wal_pages < writing->moved_at) {
        writing->moved_at = 0; /* started anew */
    }
    if (writing->wal_pages - writing->moved_at >= WORTH_MOVING && most_is_moved(writing->mover)) {
        move_pages(writing->mover);
        writing->moved_at = writing->wal_pages;
    }
}
