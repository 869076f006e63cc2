#include "tests/lab/conform_runs.h"

#include "tests/support/mock.h"
#include "tests/support/temp_dir.h"

#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_MAX 24

struct command {
    const char *argv[ARGUMENTS_MAX + 3];
};

static struct command command_of(const char *const *arguments)
{
    struct command command = {{LAB_PROGRAM, "conform"}};
    for (size_t i = 0; arguments[i] && i < ARGUMENTS_MAX; i++)
        command.argv[i + 2] = arguments[i];
    return command;
}

struct process_result conform_run(const char *const *arguments, const char *const *environment)
{
    struct command command = command_of(arguments);
    return process_run(command.argv, environment, 5 * PATIENCE_MS);
}

struct process_result conform_run_only(const char *url, const char *text, const char *only,
                                       const char *ca_file)
{
    char directory[TEMP_DIR_SIZE];
    temp_dir_make(directory);
    char *file = temp_dir_write(directory, "case.json", text, strlen(text));
    const char *arguments[ARGUMENTS_MAX] = {"--json", "--url", url,         "--token", TOKEN_ANA,
                                            "--case", file,    "--timeout", "60s"};
    size_t count = 9;
    if (only) arguments[count++] = "--only";
    if (only) arguments[count++] = only;
    if (ca_file) arguments[count++] = "--ca-file";
    if (ca_file) arguments[count++] = ca_file;
    struct process_result result = conform_run(arguments, NULL);
    temp_dir_remove(directory);
    free(file);
    return result;
}

struct process_result conform_run_case(const char *url, const char *text)
{
    return conform_run_only(url, text, NULL, NULL);
}

void conform_start(struct process *process, const char *const *arguments)
{
    struct command command = command_of(arguments);
    process_start(process, command.argv, NULL);
}
