#include "tests/lab/arguments.h"

#include "tests/support/cluster.h"
#include "tests/support/mock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int arguments_wrong(const char *who, const char *what, const char *value)
{
    fprintf(stderr, "%s: %s%s\n", who, what, value);
    return EXIT_USAGE;
}

bool arguments_number(const char *text, long long least, long long most, long long *number)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno != 0 || value < least || value > most)
        return false;
    *number = value;
    return true;
}

bool arguments_ask_for_help(char *const *arguments)
{
    for (; *arguments; arguments++)
        if (strcmp(*arguments, "--help") == 0) return true;
    return false;
}

int arguments_store(const char *who, const char *value, bool *is_postgres)
{
    *is_postgres = strcmp(value, "postgresql") == 0;
    if (!*is_postgres && strcmp(value, "sqlite") != 0)
        return arguments_wrong(who, "--store takes sqlite or postgresql, not ", value);
    if (*is_postgres && !cluster_is_installed())
        return arguments_wrong(
            who, "there is no PostgreSQL server here: ./run lab installs it for --store ", value);
    return 0;
}

/* It reads its options in their order, and shows its help when all before it are good. */
int arguments_try_server(const char *who, const char *bug)
{
    const char *const argv[] = {mock_program(), bug ? "--bug" : "--help", bug ? bug : NULL,
                                bug ? "--help" : NULL, NULL};
    struct process_result result = process_run(argv, NULL, PATIENCE_MS);
    bool is_refused = bug && result.code == EXIT_USAGE;
    int code = result.code == 0 ? 0 : is_refused ? EXIT_USAGE : EXIT_FAILURE;
    if (is_refused)
        fprintf(stderr, "%s: the server doesn't take the bug \"%s\": %s", who, bug, result.errors);
    else if (code != 0)
        fprintf(stderr, "%s: the server %s can't be run (%d); build it\n%s", who, mock_program(),
                result.code, result.errors);
    process_result_clear(&result);
    return code;
}
