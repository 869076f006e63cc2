#include "tests/unit/client_disk.h"

#include "tests/support/support.h"

#include <sqlite3.h>
#include <stddef.h>

static sqlite3_vfs vfs, *real_vfs;
static sqlite3_io_methods methods;
static const sqlite3_io_methods *real_methods;
static bool is_full;
static unsigned syncs;

static int write_unless_full(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    return is_full ? SQLITE_FULL : real_methods->xWrite(file, bytes, count, offset);
}

static int sync_counted(sqlite3_file *file, int flags)
{
    syncs++;
    return real_methods->xSync(file, flags);
}

/* What is committed goes to the write-ahead log first: that one is enough. */
static int open_unless_full(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags,
                            int *out_flags)
{
    (void)self;
    int result = real_vfs->xOpen(real_vfs, name, file, flags, out_flags);
    if (result != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return result;
    real_methods = file->pMethods;
    methods = *real_methods;
    methods.xWrite = write_unless_full;
    methods.xSync = sync_counted;
    file->pMethods = &methods;
    return SQLITE_OK;
}

void disk_install(void)
{
    if (sqlite3_initialize() != SQLITE_OK) support_die("SQLite doesn't start");
    real_vfs = sqlite3_vfs_find(NULL);
    vfs = *real_vfs;
    vfs.zName = "full";
    vfs.xOpen = open_unless_full;
    is_full = false;
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK) support_die("no VFS");
}

void disk_fill(bool full)
{
    is_full = full;
}

unsigned disk_syncs(void)
{
    return syncs;
}

void disk_remove(void)
{
    is_full = false;
    if (sqlite3_vfs_unregister(&vfs) != SQLITE_OK || sqlite3_vfs_register(real_vfs, 1) != SQLITE_OK)
        support_die("no VFS");
}
