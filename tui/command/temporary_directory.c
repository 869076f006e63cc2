#include "tui/command/temporary_directory.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

const char *temporary_directory(void)
{
    const char *named = getenv("TMPDIR");
    return named && named[0] == '/' ? named : "/tmp";
}

bool temporary_directory_make(char path[PATH_MAX])
{
    const char *parent = temporary_directory();
    /* Leaves room for the names of the files within. */
    if (snprintf(path, PATH_MAX, "%s/invonce-XXXXXX", parent) >= PATH_MAX - 64) {
        errno = ENAMETOOLONG;
        return false;
    }
    return mkdtemp(path) != NULL;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

void temporary_directory_remove(const char *path)
{
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
