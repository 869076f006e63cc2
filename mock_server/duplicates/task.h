/* What every command on records that exist is given, and works with: a store, a tenant, who runs
 * it. */
#ifndef INVONCE_MOCK_SERVER_DUPLICATES_TASK_H
#define INVONCE_MOCK_SERVER_DUPLICATES_TASK_H

#include "mock_server/base/command_line.h"
#include "mock_server/duplicates/kinds.h"
#include "mock_server/store/store.h"

#include <signal.h>

#define EXIT_SOME_REJECTED 4 /* or what was named isn't there */

struct task {
    const char *tenant;   /* NULL: not told */
    const char *resource; /* its name */
    const char *by;       /* NULL: not told */
    bool json, dry_run;

    /* Once it was started: */
    struct kept kept;
    struct store *store;
    struct store_session *reading;
};

/* What all of them take, to be put into a table of options. */
#define TASK_OPTIONS(task)                                                                         \
    {"store", "URL", take_store,                                                                   \
     "Where the records are kept: sqlite:FILE, or postgresql://...\n"                              \
     "Default: the server's",                                                                      \
     NULL},                                                                                        \
        {"tenant", "NAME", take_text, "Whose records. Needed", &(task).tenant},                    \
        {"resource", "NAME", take_text, "Of which resource. Default: invoice", &(task).resource},  \
        {"json", NULL, take_flag, "Print JSON, an object a line.", &(task).json},                  \
    {                                                                                              \
        "by", "NAME", take_text, "Who does this, for the audit. Default: the login name",          \
            &(task).by                                                                             \
    }

/* False, with a sentence: there is no tenant, or no such resource. */
bool task_check(struct task *task);

/* Opens the store; `exists`: it must be there. 0, or the exit code after a sentence. From here on
 * SIGINT and SIGTERM wait to be asked for (base/stop.h). */
int task_start(struct task *task, bool exists);
void task_end(struct task *task);

/* Says it; gives the exit code. */
int task_fail(const char *sentence);

/* The records that it is about. */
struct store_collection task_collection(const struct task *task);

#endif
