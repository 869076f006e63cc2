#include "tests/support/temp_dir.h"

#include "tests/support/support.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void temp_dir_make(char path[TEMP_DIR_SIZE])
{
    const char *root = getenv("TMPDIR");
    int length =
        snprintf(path, TEMP_DIR_SIZE, "%s/invonce-test-XXXXXX", root && *root ? root : "/tmp");
    if (length < 0 || length >= TEMP_DIR_SIZE) support_die("TMPDIR is too long");
    if (!mkdtemp(path)) support_die("cannot make a directory like %s", path);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void temp_dir_remove(char path[TEMP_DIR_SIZE])
{
    if (!*path) return;
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0)
        fprintf(stderr, "test support: cannot remove all of %s\n", path);
    path[0] = '\0';
}

char *temp_dir_write(const char *directory, const char *name, const void *bytes, size_t length)
{
    char *path = support_format("%s/%s", directory, name);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) support_die("cannot write %s", path);
    for (size_t done = 0; done < length;) {
        ssize_t count = write(file, (const char *)bytes + done, length - done);
        if (count < 0) support_die("cannot write %s", path);
        done += (size_t)count;
    }
    if (close(file) != 0) support_die("cannot write %s", path);
    return path;
}

size_t temp_dir_entries(const char *directory)
{
    DIR *stream = opendir(directory);
    if (!stream) support_die("cannot open %s", directory);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(stream));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) count++;
    closedir(stream);
    return count;
}
