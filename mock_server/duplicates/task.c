#include "mock_server/duplicates/task.h"

#include "mock_server/base/names.h"
#include "mock_server/base/stop.h"

#include <stdlib.h>

bool task_check(struct task *task)
{
    if (!names_valid(task->tenant)) {
        refuse(task->tenant ? "--tenant: no tenant can be called that"
                            : "--tenant is needed: whose records, as a token names a tenant");
        return false;
    }
    if (!kinds_find(task->resource, &task->kept)) {
        refuse("--resource: there is none called %s", task->resource);
        return false;
    }
    if (task->by && !names_valid(task->by)) {
        refuse("--by: expected a name, as a token has a user");
        return false;
    }
    task->by = task->by ? task->by : names_login();
    return true;
}

int task_start(struct task *task, bool exists)
{
    char message[STORE_MESSAGE_MAX];
    sigset_t signals;
    stop_block(&signals);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    char *url = command_line_store();
    if (!url) {
        return EXIT_REFUSED;
    }
    if (exists && !command_line_store_is_there(url)) {
        int code = refuse("there is no store %s", url);
        free(url);
        return code;
    }
    task->store = store_open(url, &(struct store_options){.exists = exists}, message);
    free(url);
    if (!task->store) {
        return refuse("%s", message);
    }
    task->reading = store_session_open_reading(task->store);
    if (!task->reading) {
        refuse("the store cannot be read");
        task_end(task);
        return EXIT_FAILED;
    }
    return 0;
}

void task_end(struct task *task)
{
    store_session_close(task->reading);
    store_close(task->store);
    task->reading = NULL;
    task->store = NULL;
}

struct store_collection task_collection(const struct task *task)
{
    return (struct store_collection){task->tenant, task->kept.resource->name};
}

int task_fail(const char *sentence)
{
    refuse("%s", sentence);
    return EXIT_FAILED;
}
