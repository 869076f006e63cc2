#include "mock_server/duplicates/scratch.h"

#include "mock_server/base/command_line.h"

/* Its pages are in the system's memory as long as there is room: nothing of it need survive. */
#define SETTINGS                                                                                   \
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;"              \
    "PRAGMA temp_store = FILE; PRAGMA locking_mode = EXCLUSIVE;"

static void tell(struct scratch *scratch)
{
    refuse("what is remembered beside the store cannot be kept: %s",
           scratch->db ? sqlite3_errmsg(scratch->db) : "out of memory");
}

bool scratch_open(struct scratch *scratch, const char *tables)
{
    /* Without a name it is a file in the directory for such files, and nobody else can see it. */
    if (sqlite3_open("", &scratch->db) != SQLITE_OK ||
        sqlite3_exec(scratch->db, SETTINGS, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(scratch->db, tables, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(scratch->db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
        tell(scratch);
        scratch_close(scratch);
        return false;
    }
    return true;
}

void scratch_close(struct scratch *scratch)
{
    sqlite3_close(scratch->db);
    scratch->db = NULL;
}

sqlite3_stmt *scratch_prepare(struct scratch *scratch, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(scratch->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        tell(scratch);
        return NULL;
    }
    return statement;
}

bool scratch_step(struct scratch *scratch, sqlite3_stmt *statement, bool *failed)
{
    int result = sqlite3_step(statement);
    *failed = result != SQLITE_ROW && result != SQLITE_DONE;
    if (*failed) {
        tell(scratch);
    }
    if (result != SQLITE_ROW) {
        sqlite3_reset(statement);
    }
    return result == SQLITE_ROW;
}
