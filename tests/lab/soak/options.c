#include "tests/lab/soak/options.h"

#include "tests/lab/arguments.h"
#include "tests/support/support.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHO         "invonce-lab soak"
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

/* 0, or the exit code. */
static int take(struct options *options, const char *name, const char *value)
{
    long long seed = 0;
    if (strcmp(name, "--store") == 0) return arguments_store(WHO, value, &options->is_postgres);
    if (strcmp(name, "--bug") == 0) {
        options->bug = value;
        return 0;
    }
    if (strcmp(name, "--intents") == 0) {
        if (arguments_number(value, 1, INTENTS_MAX, &options->intents)) return 0;
        return arguments_wrong(WHO, "--intents takes a number from 1 to 100000000, not ", value);
    }
    if (strcmp(name, "--seconds") == 0) {
        if (arguments_number(value, 1, SECONDS_MAX, &options->seconds)) return 0;
        return arguments_wrong(WHO, "--seconds takes a number from 1 to 1000000, not ", value);
    }
    if (strcmp(name, "--seed") != 0) return arguments_wrong(WHO, "there is no such option: ", name);
    if (!arguments_number(value, 0, UINT_MAX, &seed))
        return arguments_wrong(WHO, "--seed takes a number from 0 to 4294967295, not ", value);
    options->seed = (unsigned)seed;
    return 0;
}

int options_read(struct options *options, char **arguments)
{
    *options =
        (struct options){.intents = 5000,
                         .seconds = 600,
                         .seed = (unsigned)support_now_ms()}; /* the clock is the same each time */
    if (arguments_ask_for_help(arguments)) {
        print_usage();
        return EXIT_SUCCESS;
    }
    for (; *arguments; arguments += 2) {
        if (!arguments[1])
            return arguments_wrong(WHO, "unknown, or without its value (see --help): ", *arguments);
        int code = take(options, arguments[0], arguments[1]);
        if (code != 0) return code;
    }
    int code = arguments_try_server(WHO, options->bug);
    return code == 0 ? -1 : code;
}
