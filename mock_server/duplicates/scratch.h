/* What a command must remember of as many records as there are: in a file of its own, that is gone
 * when it ends, so that memory stays flat. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_SCRATCH_H
#define INVONCE_MOCK_SERVER_DUPLICATES_SCRATCH_H

#include <sqlite3.h>
#include <stdbool.h>

struct scratch {
    sqlite3 *db;
};

/* With those tables. False, with a sentence: it can't be made. */
bool scratch_open(struct scratch *scratch, const char *tables);
void scratch_close(struct scratch *scratch);

/* NULL, with a sentence: failed. To be finalized. */
sqlite3_stmt *scratch_prepare(struct scratch *scratch, const char *sql);

/* A step to a row (true), or to the end (*failed says whether that is a failure, with a sentence).
 */
bool scratch_step(struct scratch *scratch, sqlite3_stmt *statement, bool *failed);

#endif
