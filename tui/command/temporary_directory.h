/* A directory that only this user can look into, for as long as it is needed. */
#ifndef INVONCE_TUI_TEMPORARY_DIRECTORY_H
#define INVONCE_TUI_TEMPORARY_DIRECTORY_H

#include <limits.h>
#include <stdbool.h>

/* Where temporary files go: $TMPDIR, else /tmp. */
const char *temporary_directory(void);

/* Makes one under $TMPDIR, else /tmp. False with errno. */
bool temporary_directory_make(char path[PATH_MAX]);

/* Removes it with the files in it. */
void temporary_directory_remove(const char *path);

#endif
