/* The journal's write-ahead log, emptied into its file now and then. */
#ifndef INVONCE_CLIENT_JOURNAL_LOG_H
#define INVONCE_CLIENT_JOURNAL_LOG_H

struct journal;

/* From here on the journal knows how long its log is; SQLite doesn't empty it by itself. */
void journal_log_watch(struct journal *journal);

/* Empties it when it has grown enough. To be called after a commit, where no transaction is open.
 */
void journal_log_maintain(struct journal *journal);

/* Empties it now, as far as can be. To be called where no transaction is open. */
void journal_log_empty(struct journal *journal);

#endif
