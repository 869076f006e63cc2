#include "protocol/client/journal/journal_log.h"

#include "protocol/client/journal/journal_inside.h"

#define WORTH_MOVING 1000 /* pages; then again after as many, where a reader was in the way */

static int note_pages(void *context, sqlite3 *database, const char *name, int pages)
{
    struct journal *journal = context;
    (void)database, (void)name;
    journal->log_pages = pages;
    return SQLITE_OK;
}

void journal_log_watch(struct journal *journal)
{
    sqlite3_wal_hook(journal->database, note_pages, journal); /* in place of SQLite's own */
}

/* Reads from the file until it is closed. NULL: it can't be read just now, or isn't ours any more.
 */
static sqlite3 *open_pin(struct journal *journal)
{
    struct journal_files now;
    sqlite3 *pin = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(journal->path, &pin, flags, NULL) == SQLITE_OK &&
        sqlite3_exec(pin, "BEGIN; PRAGMA user_version", NULL, NULL, NULL) == SQLITE_OK &&
        journal_files_look(journal->path, &now) && journal_files_are_same(&now, &journal->files))
        return pin;
    sqlite3_close(pin);
    return NULL;
}

/* Within another connection's read transaction, as mock_server/store/sqlite/sqlite_log.c explains.
 */
void journal_log_empty(struct journal *journal)
{
    sqlite3 *pin = open_pin(journal);
    if (pin == NULL) return;
    sqlite3_wal_checkpoint_v2(journal->database, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    sqlite3_close(pin);
}

void journal_log_maintain(struct journal *journal)
{
    if (journal->log_pages < journal->log_moved_at) journal->log_moved_at = 0; /* begun anew */
    if (journal->log_pages - journal->log_moved_at < WORTH_MOVING) return;
    journal_log_empty(journal);
    journal->log_moved_at = journal->log_pages;
}
