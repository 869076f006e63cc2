/* A disk that fails, by LD_PRELOAD: it keeps what a directory's files would hold if the power went
 * now, and lets it go at a given operation; or is full from one on. Settings, from the environment:
 *   DISK            the directory, with all below it
 *   DISK_COUNT      a file that is told, at the end, how many operations there were
 *   DISK_FULL_AT    the operation from which on nothing more fits: it is done by half
 *   DISK_LOSE_AT    the operation before which the power goes (past the last one: at the end)
 *   DISK_LIES       set: what is synced is lost all the same, as on a disk with a cache of its own
 *   DISK_SEED       what of the unsynced is lost, torn and reordered
 * For programs of one thread. A name is durable once its directory is synced, bytes once their file
 * is. What is mapped (SQLite's -shm) is garbage afterwards. */
#include "tests/client/lost_power.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct {
    bool lies;
    const char *directory; /* NULL: nothing is watched */
    unsigned long full_at, lose_at;
    unsigned long count;
} disk;

static unsigned long number_of(const char *variable)
{
    const char *text = getenv(variable);
    return text ? strtoul(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void set_up(void)
{
    disk.directory = getenv("DISK");
    disk.lies = getenv("DISK_LIES") != NULL;
    disk.full_at = number_of("DISK_FULL_AT");
    disk.lose_at = number_of("DISK_LOSE_AT");
    lost_power_seed(number_of("DISK_SEED"));
}

static void lose(void)
{
    lost_power_strike();
    kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void tell(void)
{
    char text[32];
    const char *path = getenv("DISK_COUNT");
    if (disk.directory && disk.lose_at > disk.count) lose();
    int file =
        path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (file < 0) return;
    int length = snprintf(text, sizeof text, "%lu", disk.count);
    if (syscall(SYS_write, file, text, (size_t)length) != length) abort();
    syscall(SYS_close, file);
}

/* --- what is watched --- */

static bool is_watched(const char *path)
{
    if (!disk.directory) return false;
    size_t length = strlen(disk.directory);
    return strncmp(path, disk.directory, length) == 0 &&
           (path[length] == '/' || path[length] == '\0');
}

/* The path of a watched descriptor; false for another one, or a file that has no name any more. */
static bool watched_path(int file, char path[PATH_MAX])
{
    char link[40];
    if (!disk.directory) return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return false;
    path[length] = '\0';
    return is_watched(path) && access(path, F_OK) == 0;
}

/* One more operation, before it is done; true when the disk is full. */
static bool is_full_now(void)
{
    disk.count++;
    if (disk.count == disk.lose_at) lose();
    return disk.full_at != 0 && disk.count >= disk.full_at;
}

static int no_room(void)
{
    errno = ENOSPC;
    return -1;
}

/* --- what a program calls --- */

static ssize_t write_at(int file, const void *bytes, size_t length, off_t offset, bool positioned)
{
    char path[PATH_MAX];
    bool watched = watched_path(file, path);
    if (watched && is_full_now()) {
        if (disk.count > disk.full_at || length < 2) return no_room();
        length /= 2;
    }
    off_t at = positioned ? offset : (off_t)syscall(SYS_lseek, file, 0, SEEK_CUR);
    if (watched) lost_power_know(path);
    ssize_t done = positioned ? syscall(SYS_pwrite64, file, bytes, length, offset)
                              : syscall(SYS_write, file, bytes, length);
    if (watched && done > 0) lost_power_wrote(path, bytes, (size_t)done, at);
    return done;
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset)
{
    return write_at(file, bytes, length, offset, true);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset)
{
    return write_at(file, bytes, length, offset, true);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    return write_at(file, bytes, length, 0, false);
}

static int truncate_to(int file, off_t length)
{
    char path[PATH_MAX];
    struct stat is;
    bool watched = watched_path(file, path);
    bool grows = fstat(file, &is) == 0 && length > is.st_size;
    if (watched && is_full_now() && grows) return no_room();
    if (watched) lost_power_know(path);
    int result = (int)syscall(SYS_ftruncate, file, length);
    if (watched && result == 0) lost_power_truncated(path, length);
    return result;
}

int ftruncate(int file, off_t length)
{
    return truncate_to(file, length);
}

int ftruncate64(int file, off64_t length)
{
    return truncate_to(file, length);
}

static int sync_it(int file, long number)
{
    char path[PATH_MAX];
    bool watched = watched_path(file, path);
    if (watched) is_full_now();
    int result = (int)syscall(number, file);
    if (watched && result == 0 && !disk.lies) lost_power_synced(path);
    return result;
}

int fsync(int file)
{
    return sync_it(file, SYS_fsync);
}

int fdatasync(int file)
{
    return sync_it(file, SYS_fdatasync);
}

int unlink(const char *path)
{
    bool watched = is_watched(path);
    if (watched) {
        is_full_now();
        lost_power_know(path);
    }
    int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (watched && result == 0) lost_power_removed(path);
    return result;
}

int mkdir(const char *path, mode_t mode)
{
    bool watched = is_watched(path);
    if (watched && is_full_now()) return no_room();
    int result = (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
    if (watched && result == 0) lost_power_made(path);
    return result;
}

static int open_it(const char *path, int flags, mode_t mode)
{
    bool makes = (flags & O_CREAT) != 0 && is_watched(path) && access(path, F_OK) != 0;
    if (makes && is_full_now()) return no_room();
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (makes && file >= 0) lost_power_made(path);
    return file;
}

#define MODE_OF(flags, mode)                                                                       \
    do {                                                                                           \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        (mode) = ((flags) & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;                \
        va_end(rest);                                                                              \
    } while (0)

int open(const char *path, int flags, ...)
{
    mode_t mode;
    MODE_OF(flags, mode);
    return open_it(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    mode_t mode;
    MODE_OF(flags, mode);
    return open_it(path, flags, mode);
}

/* What optimised programs call for an open without a mode. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

int __open_2(const char *path, int flags)
{
    return open_it(path, flags, 0);
}

int __open64_2(const char *path, int flags)
{
    return open_it(path, flags, 0);
}

/* Nothing here renames; a program that begins to must be told apart by the model first. */
int rename(const char *from, const char *to)
{
    if (is_watched(from) || is_watched(to)) abort();
    return (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}
