#include "tests/lab/soak/options.h"

#include "tests/support/cluster.h"
#include "tests/support/support.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE  2
#define INTENTS_MAX 100000000
#define SECONDS_MAX 1000000

static void print_usage(void)
{
    fputs(
        "Usage: invonce-lab soak [OPTION]...\n"
        "Many clients, several servers on one store, and all that can go wrong; then what is left "
        "is\n"
        "settled, and all of it is judged.\n\n"
        "  --intents N          how many are meant at least (5000)\n"
        "  --seconds S          after which nothing new is meant (600): fewer intents, or a calm\n"
        "                       run, then fail\n"
        "  --store sqlite       two servers on one file, or\n"
        "  --store postgresql   three on one PostgreSQL of its own\n"
        "  --bug NAME           planted in the servers (their own --bug): the run must fail\n"
        "  --seed N             of what is left to chance (another one each time)\n\n"
        "Exits with 0 when nothing was lost, duplicated or lied about and all is settled, 1 when\n"
        "something was or too little went wrong, 2 when it is called wrongly.\n",
        stdout);
}

static int wrong(const char *what, const char *value)
{
    fprintf(stderr, "invonce-lab soak: %s%s\n", what, value);
    return EXIT_USAGE;
}

static bool read_number(const char *text, long long least, long long most, long long *number)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno != 0 || value < least || value > most)
        return false;
    *number = value;
    return true;
}

static int take_store(struct options *options, const char *value)
{
    options->is_postgres = strcmp(value, "postgresql") == 0;
    if (!options->is_postgres && strcmp(value, "sqlite") != 0)
        return wrong("--store takes sqlite or postgresql, not ", value);
    if (options->is_postgres && !cluster_is_installed())
        return wrong("there is no PostgreSQL server here", "");
    return -1;
}

static int take(struct options *options, const char *name, const char *value)
{
    long long seed = 0;
    if (strcmp(name, "--store") == 0) return take_store(options, value);
    if (strcmp(name, "--bug") == 0) {
        options->bug = value;
        return -1;
    }
    if (strcmp(name, "--intents") == 0) {
        if (read_number(value, 1, INTENTS_MAX, &options->intents)) return -1;
        return wrong("--intents takes a number from 1 to 100000000, not ", value);
    }
    if (strcmp(name, "--seconds") == 0) {
        if (read_number(value, 1, SECONDS_MAX, &options->seconds)) return -1;
        return wrong("--seconds takes a number from 1 to 1000000, not ", value);
    }
    if (strcmp(name, "--seed") != 0) return wrong("there is no such option: ", name);
    if (!read_number(value, 0, UINT_MAX, &seed)) return wrong("--seed takes a number, not ", value);
    options->seed = (unsigned)seed;
    return -1;
}

int options_read(struct options *options, char **arguments)
{
    *options =
        (struct options){.intents = 5000,
                         .seconds = 600,
                         .seed = (unsigned)support_now_ms()}; /* the clock is the same each time */
    if (*arguments && strcmp(*arguments, "--help") == 0) {
        print_usage();
        return EXIT_SUCCESS;
    }
    for (; *arguments; arguments += 2) {
        if (!arguments[1]) return wrong("it can't stand alone or isn't known: ", *arguments);
        int code = take(options, arguments[0], arguments[1]);
        if (code >= 0) return code;
    }
    return -1;
}
