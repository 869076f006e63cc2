/* The journal's file: made where it should be, readable by its owner alone, with its tables. */
#ifndef INVONCE_CLIENT_JOURNAL_FILE_H
#define INVONCE_CLIENT_JOURNAL_FILE_H

#include "protocol/client/journal.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <sys/types.h>

#define JOURNAL_SECRET_SIZE 32

/* Opens it, making directories (0700), file (0600) and tables that aren't there. NULL with a
 * sentence. */
sqlite3 *journal_file_open(const char *path, char sentence[JOURNAL_SENTENCE_MAX]);

/* Which files an open journal is written to: itself and SQLite's log beside it. */
struct journal_files {
    dev_t device;
    ino_t file, log;
};

/* Those of that name now. False with errno when one isn't there. */
bool journal_files_look(const char *path, struct journal_files *files);
bool journal_files_are_same(const struct journal_files *a, const struct journal_files *b);

/* Why SQLite's last call on it failed, and what to do. */
void journal_file_explain(sqlite3 *database, const char *path, char sentence[JOURNAL_SENTENCE_MAX]);

/* The same for an errno. */
void journal_file_explain_errno(int error, const char *path, char sentence[JOURNAL_SENTENCE_MAX]);

#endif
