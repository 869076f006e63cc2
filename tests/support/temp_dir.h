/* Directories of a test's own, gone when it is done. */
#ifndef INVONCE_TESTS_SUPPORT_TEMP_DIR_H
#define INVONCE_TESTS_SUPPORT_TEMP_DIR_H

#include <stddef.h>

#define TEMP_DIR_SIZE 256

/* Makes an empty directory, mode 0700, under TMPDIR or /tmp. */
void temp_dir_make(char path[TEMP_DIR_SIZE]);

/* Removes it with all that is in it, and empties `path`; does nothing for an empty path. */
void temp_dir_remove(char path[TEMP_DIR_SIZE]);

/* Writes a file of that name, mode 0600, and gives its path (the caller's to free). */
char *temp_dir_write(const char *directory, const char *name, const void *bytes, size_t length);

/* How many entries are in it. */
size_t temp_dir_entries(const char *directory);

#endif
