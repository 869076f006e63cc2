#include "tests/unit/failing_sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static struct {
    int calls, memory; /* still to come before one fails; 0: none will */
    int code;          /* that it fails with */
    int last;          /* … and that it did, until the next call goes well; SQLITE_OK */
    bool struck;
} failing;

static bool strikes(int *left)
{
    if (*left == 0 || --*left > 0) return false;
    failing.struck = true;
    return true;
}

static bool call_strikes(void)
{
    bool does = strikes(&failing.calls);
    failing.last = does ? failing.code : SQLITE_OK;
    return does;
}

void failing_sqlite_arm(int nth, int code)
{
    failing.calls = nth;
    failing.code = code;
    failing.memory = 0;
    failing.struck = false;
}

void failing_memory_arm(int nth)
{
    failing.calls = 0;
    failing.memory = nth;
    failing.struck = false;
}

bool failing_sqlite_disarm(void)
{
    failing.calls = failing.memory = 0;
    return failing.struck;
}

int __real_sqlite3_step(sqlite3_stmt *statement);
int __real_sqlite3_prepare_v2(sqlite3 *database, const char *sql, int length,
                              sqlite3_stmt **statement, const char **tail);
int __real_sqlite3_prepare_v3(sqlite3 *database, const char *sql, int length, unsigned flags,
                              sqlite3_stmt **statement, const char **tail);
int __real_sqlite3_exec(sqlite3 *database, const char *sql,
                        int (*row)(void *, int, char **, char **), void *context, char **message);
int __real_sqlite3_errcode(sqlite3 *database);
void *__real_realloc(void *memory, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t length);
int __wrap_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_prepare_v2(sqlite3 *database, const char *sql, int length,
                              sqlite3_stmt **statement, const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *database, const char *sql, int length, unsigned flags,
                              sqlite3_stmt **statement, const char **tail);
int __wrap_sqlite3_exec(sqlite3 *database, const char *sql,
                        int (*row)(void *, int, char **, char **), void *context, char **message);
int __wrap_sqlite3_errcode(sqlite3 *database);
void *__wrap_realloc(void *memory, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t length);

int __wrap_sqlite3_step(sqlite3_stmt *statement)
{
    return call_strikes() ? failing.code : __real_sqlite3_step(statement);
}

int __wrap_sqlite3_prepare_v2(sqlite3 *database, const char *sql, int length,
                              sqlite3_stmt **statement, const char **tail)
{
    *statement = NULL;
    return call_strikes() ? failing.code
                          : __real_sqlite3_prepare_v2(database, sql, length, statement, tail);
}

int __wrap_sqlite3_prepare_v3(sqlite3 *database, const char *sql, int length, unsigned flags,
                              sqlite3_stmt **statement, const char **tail)
{
    *statement = NULL;
    return call_strikes()
               ? failing.code
               : __real_sqlite3_prepare_v3(database, sql, length, flags, statement, tail);
}

int __wrap_sqlite3_exec(sqlite3 *database, const char *sql,
                        int (*row)(void *, int, char **, char **), void *context, char **message)
{
    return call_strikes() ? failing.code
                          : __real_sqlite3_exec(database, sql, row, context, message);
}

int __wrap_sqlite3_errcode(sqlite3 *database)
{
    return failing.last != SQLITE_OK ? failing.last : __real_sqlite3_errcode(database);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return strikes(&failing.memory) ? NULL : __real_realloc(memory, size);
}

char *__wrap_strdup(const char *text)
{
    return strikes(&failing.memory) ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length)
{
    return strikes(&failing.memory) ? NULL : __real_strndup(text, length);
}
