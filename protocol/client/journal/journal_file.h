/* The journal's file: made where it should be, readable by its owner alone, with its tables. */
#ifndef INVONCE_CLIENT_JOURNAL_FILE_H
#define INVONCE_CLIENT_JOURNAL_FILE_H

#include "protocol/client/journal/journal.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <sys/types.h>

#define JOURNAL_SECRET_SIZE 32

/* Makes directories (0700) and file (0600) that aren't there. JOURNAL_FAILED with a sentence. */
enum journal_status journal_file_prepare(const char *path, char sentence[JOURNAL_SENTENCE_MAX]);

/* Opens it, making tables that aren't there. JOURNAL_LOCKED, JOURNAL_FAILED: a sentence, and no
 * database. */
enum journal_status journal_file_open(const char *path, sqlite3 **database,
                                      char sentence[JOURNAL_SENTENCE_MAX]);

/* SQLite's last call on it failed because others have it locked. */
bool journal_file_is_locked(sqlite3 *database);

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
