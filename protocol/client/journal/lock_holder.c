#include "protocol/client/journal/lock_holder.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define LINE_MAX_BYTES 256

/* Where SQLite's locks are: its file format, "Locking"; its WAL-mode file format, 2.3. Those on the
 * log's index end before the readers' own. */
#define FILE_FROM  0x40000000LL
#define FILE_TO    (FILE_FROM + 511)
#define INDEX_FROM 120LL
#define INDEX_TO   122LL

/* A line of /proc/locks: "7: POSIX  ADVISORY  WRITE 1339 fe:00:10953985 128 128"; the last may be
 * "EOF". The process that has such a lock, or 0. */
static long holder_in(const char *line, const struct stat *is, long long from, long long to)
{
    long process;
    unsigned major_number, minor_number;
    unsigned long inode;
    long long first, last = LLONG_MAX;
    if (sscanf(line, "%*d: POSIX ADVISORY WRITE %ld %x:%x:%lu %lld %lld", &process, &major_number,
               &minor_number, &inode, &first, &last) < 5)
        return 0;
    bool overlaps = first <= to && last >= from;
    bool same = inode == is->st_ino && makedev(major_number, minor_number) == is->st_dev;
    return overlaps && same && process > 0 && process != (long)getpid() ? process : 0;
}

static long holder_of(const char *path, const char *ending, long long from, long long to)
{
    char line[LINE_MAX_BYTES], *whole = NULL;
    struct stat is;
    long process = 0;
    if (asprintf(&whole, "%s%s", path, ending) < 0) return 0;
    FILE *locks = stat(whole, &is) == 0 ? fopen("/proc/locks", "re") : NULL;
    free(whole);
    if (locks == NULL) return 0;
    while (process == 0 && fgets(line, sizeof line, locks) != NULL)
        process = holder_in(line, &is, from, to);
    fclose(locks);
    return process;
}

static void name_program(struct lock_holder *holder)
{
    char path[40];
    snprintf(path, sizeof path, "/proc/%ld/comm", holder->process);
    FILE *file = fopen(path, "re");
    if (file == NULL || fgets(holder->name, sizeof holder->name, file) == NULL)
        snprintf(holder->name, sizeof holder->name, "?");
    if (file != NULL) fclose(file);
    holder->name[strcspn(holder->name, "\n")] = '\0';
    for (char *letter = holder->name; *letter != '\0'; letter++)
        if (!isascii((unsigned char)*letter) || !isprint((unsigned char)*letter)) *letter = '?';
}

bool lock_holder_find(const char *path, struct lock_holder *holder)
{
    holder->process = holder_of(path, "-shm", INDEX_FROM, INDEX_TO);
    if (holder->process == 0) holder->process = holder_of(path, "", FILE_FROM, FILE_TO);
    if (holder->process == 0) return false;
    name_program(holder);
    return true;
}
