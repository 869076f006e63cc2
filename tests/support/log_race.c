#include "tests/support/log_race.h"

#include "tests/support/support.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#define CHECKPOINT_LOCK 1 /* its place among the locks of SQLite's shared memory */

static sqlite3_vfs vfs, *real_vfs;
static sqlite3_io_methods methods;
static const sqlite3_io_methods *real_methods;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
    void (*between)(void *context);
    void *context;
    unsigned halts;
} points[LOG_RACE_POINTS];
static _Thread_local sqlite3_file *checkpointing; /* what this thread's checkpoint is of */

void log_race_arm(enum log_race_point point, void (*between)(void *context), void *context)
{
    pthread_mutex_lock(&mutex);
    points[point].between = between;
    points[point].context = context;
    pthread_mutex_unlock(&mutex);
}

unsigned log_race_halts(enum log_race_point point)
{
    pthread_mutex_lock(&mutex);
    unsigned halts = points[point].halts;
    pthread_mutex_unlock(&mutex);
    return halts;
}

static void come_to(enum log_race_point point)
{
    pthread_mutex_lock(&mutex);
    void (*between)(void *context) = points[point].between;
    void *context = points[point].context;
    points[point].between = NULL;
    pthread_mutex_unlock(&mutex);
    if (between == NULL) return;
    between(context);
    pthread_mutex_lock(&mutex);
    points[point].halts++;
    pthread_mutex_unlock(&mutex);
}

static int lock(sqlite3_file *file, int place, int count, int flags)
{
    bool of_checkpoints = place == CHECKPOINT_LOCK && count == 1;
    bool takes = of_checkpoints && (flags & SQLITE_SHM_LOCK) != 0;
    if (takes) come_to(LOG_RACE_BEFORE);
    int result = real_methods->xShmLock(file, place, count, flags);
    if (takes && result == SQLITE_OK) checkpointing = file;
    if (of_checkpoints && !takes) checkpointing = NULL;
    return result;
}

/* A checkpoint lets go of what it had mapped when it finds the head changed. */
static int unfetch(sqlite3_file *file, sqlite3_int64 offset, void *page)
{
    if (page == NULL && file == checkpointing) come_to(LOG_RACE_HEADER_READ);
    return real_methods->xUnfetch(file, offset, page);
}

/* All databases' files have the same methods. */
static void watch(sqlite3_file *file)
{
    pthread_mutex_lock(&mutex);
    if (real_methods == NULL) {
        real_methods = file->pMethods;
        if (real_methods->iVersion < 3) support_die("no VFS of version 3");
        methods = *real_methods;
        methods.xShmLock = lock;
        methods.xUnfetch = unfetch;
    }
    pthread_mutex_unlock(&mutex);
    file->pMethods = &methods;
}

static int open_watched(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags,
                        int *out_flags)
{
    (void)self;
    int result = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
    if (result == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0) watch(file);
    return result;
}

void log_race_install(void)
{
    if (sqlite3_initialize() != SQLITE_OK) support_die("SQLite doesn't start");
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "race";
    vfs.xOpen = open_watched;
    for (int i = 0; i < LOG_RACE_POINTS; i++) {
        points[i].between = NULL;
        points[i].halts = 0;
    }
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) support_die("no VFS");
}

void log_race_remove(void)
{
    if (sqlite3_vfs_unregister(&vfs) != SQLITE_OK || sqlite3_vfs_register(real_vfs, 1) != SQLITE_OK)
        support_die("no VFS");
}
