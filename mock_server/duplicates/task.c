#include "mock_server/duplicates/task.h"

#include "mock_server/base/stop.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME_MAX_BYTES 64

/* As a token's tenant and user. */
static bool is_name(const char *text)
{
    static const char TAKEN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t length = strlen(text);
    return length > 0 && length <= NAME_MAX_BYTES && strspn(text, TAKEN) == length;
}

static const char *login_name(void)
{
    const struct passwd *user = getpwuid(geteuid());
    return user && is_name(user->pw_name) ? user->pw_name : "somebody";
}

bool task_check(struct task *task)
{
    if (!task->tenant || !is_name(task->tenant)) {
        refuse("--tenant is needed: whose records, as a token names a tenant");
        return false;
    }
    if (!kinds_find(task->resource, &task->kept)) {
        refuse("--resource: there is none called %s", task->resource);
        return false;
    }
    if (task->by && !is_name(task->by)) {
        refuse("--by: expected a name, as a token has a user");
        return false;
    }
    task->by = task->by ? task->by : login_name();
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
    task->store = store_open(url, &(struct store_options){0}, message);
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
