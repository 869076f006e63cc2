/* The journal's file: made where it should be, readable by its owner alone, with its tables. */
#ifndef INVONCE_CLIENT_JOURNAL_FILE_H
#define INVONCE_CLIENT_JOURNAL_FILE_H

#include "protocol/client/journal.h"

#include <sqlite3.h>
#include <stdbool.h>

#define JOURNAL_SECRET_SIZE 32

/* Opens it, making directories (0700), file (0600) and tables that aren't there. NULL with a
 * sentence. */
sqlite3 *journal_file_open(const char *path, char sentence[JOURNAL_SENTENCE_MAX]);

/* Why SQLite's last call on it failed, and what to do. */
void journal_file_explain(sqlite3 *database, const char *path, char sentence[JOURNAL_SENTENCE_MAX]);

/* The same for an errno. */
void journal_file_explain_errno(int error, const char *path, char sentence[JOURNAL_SENTENCE_MAX]);

#endif
