/* invonce-lab: what each layer buys, from the real programs. */
#include "tests/lab/cells.h"
#include "tests/lab/conform/conform.h"
#include "tests/lab/show.h"
#include "tests/lab/soak/soak.h"
#include "tests/support/http.h"
#include "tests/support/preload.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define TRIALS_MAX 1000

struct options {
    const struct scenario *scenario; /* NULL: all */
    const struct layers *layers;     /* NULL: all columns */
    unsigned seed, trials, at_once;
    bool json;
    const char *svg;
};

static bool shows_rows;

static void print_usage(FILE *file)
{
    fputs("Usage: invonce-lab [OPTION]...\n"
          "       invonce-lab conform --url URL --token T [OPTION]...\n"
          "       invonce-lab soak [OPTION]...\n"
          "What each layer buys: every scenario with some layers on, and what came of it.\n\n"
          "  --scenario NAME  that one alone:",
          file);
    for (size_t i = 0; i < SCENARIO_COUNT; i++)
        fprintf(file, "%s%s", i % 4 == 0 ? "\n                     " : ", ", SCENARIOS[i].name);
    fputs("\n  --layers NAME    with these layers alone: none, form, key, constraint, all\n"
          "  --trials N       of each cell (10)\n"
          "  --seed N         of what is left to chance (another one each time)\n"
          "  --at-once N      cells, 1 to 32 (two a processor)\n"
          "  --json           the table as JSON\n"
          "  --svg FILE       and as a heat map\n\n"
          "Exits with 0 when every cell is as it must be, 1 when one isn't, 2 when it is called "
          "wrongly.\n",
          file);
}

static int wrong(const char *what, const char *value)
{
    fprintf(stderr, "invonce-lab: %s%s\n", what, value);
    return EXIT_USAGE;
}

static bool read_number(const char *text, unsigned long most, unsigned *number)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno != 0 || value > most) return false;
    *number = (unsigned)value;
    return true;
}

/* An option with a value. 0, or the exit code. */
static int take(struct options *options, const char *name, const char *value)
{
    if (strcmp(name, "--svg") == 0) {
        options->svg = value;
    } else if (strcmp(name, "--scenario") == 0) {
        options->scenario = scenario_named(value);
        if (!options->scenario) return wrong("there is no such scenario: ", value);
    } else if (strcmp(name, "--layers") == 0) {
        options->layers = layers_named(value);
        if (!options->layers)
            return wrong("--layers takes none, form, key, constraint or all, not ", value);
    } else if (strcmp(name, "--trials") == 0) {
        if (!read_number(value, TRIALS_MAX, &options->trials) || options->trials == 0)
            return wrong("--trials takes a number from 1 to 1000, not ", value);
    } else if (strcmp(name, "--seed") == 0) {
        if (!read_number(value, UINT32_MAX, &options->seed))
            return wrong("--seed takes a number, not ", value);
    } else if (strcmp(name, "--at-once") == 0) {
        if (!read_number(value, CELLS_AT_ONCE_MAX, &options->at_once) || options->at_once == 0)
            return wrong("--at-once takes a number from 1 to 32, not ", value);
    } else {
        return wrong("there is no such option: ", name);
    }
    return 0;
}

static int read_options(struct options *options, char **arguments)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *options =
        (struct options){.trials = 10,
                         .seed = (unsigned)support_now_ms(), /* the clock is the same each time */
                         .at_once = processors < 1    ? 2
                                    : processors > 16 ? CELLS_AT_ONCE_MAX
                                                      : 2 * (unsigned)processors};
    for (; *arguments; arguments++) {
        if (strcmp(*arguments, "--json") == 0) {
            options->json = true;
            continue;
        }
        if (!arguments[1]) return wrong("it can't stand alone or isn't known: ", *arguments);
        int code = take(options, arguments[0], arguments[1]);
        if (code != 0) return code;
        arguments++;
    }
    return 0;
}

/* Rows as they are done, in their order; below them, on a terminal, how far it is. */
static void tell(const struct table *table, const struct cells_progress *progress)
{
    static size_t shown;
    bool is_terminal = isatty(STDERR_FILENO);
    if (is_terminal) fputs("\r\x1b[K", stderr);
    for (; shows_rows && shown < progress->rows; shown++)
        show_row(table, shown);
    if (is_terminal && progress->trials < progress->of)
        fprintf(stderr, "%u of %u trials", progress->trials, progress->of);
    fflush(NULL);
}

/* The cells that were asked for. */
static void ask_for(const struct options *options, struct table *table)
{
    table->seed = options->seed;
    for (size_t row = 0; row < SCENARIO_COUNT; row++) {
        for (size_t column = 0; column < LAYERS_COUNT; column++) {
            if (options->scenario && options->scenario != &SCENARIOS[row]) continue;
            if (options->layers && options->layers != &LAYERS[column]) continue;
            table->cells[row][column] = (struct cell){
                .scenario = &SCENARIOS[row], .layers = &LAYERS[column], .trials = options->trials};
        }
    }
}

static bool is_command(int argc, char *const *argv, const char *name)
{
    return argc > 1 && strcmp(argv[1], name) == 0;
}

/* Somebody else's server, and what restarts it, have the machine's clock. */
bool preload_is_unwanted(int argc, char *const *argv)
{
    return is_command(argc, argv, "conform");
}

int main(int argc, char **argv)
{
    static struct table table;
    struct options options;
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        print_usage(stdout);
        return 0;
    }
    if (is_command(argc, argv, "conform")) return conform_main(argc - 1, argv + 1);
    if (is_command(argc, argv, "soak")) return soak_main(argc - 1, argv + 1);
    int code = read_options(&options, argv + (argc > 0 ? 1 : 0));
    if (code != 0) return code;
    http_setup();
    ask_for(&options, &table);
    shows_rows = !options.json;
    if (shows_rows) show_head(options.seed);
    bool good = cells_run(&table, options.at_once, tell);
    if (options.json) show_json(&table, stdout);
    good = show_complaints(&table, options.json ? stderr : stdout) && good;
    if (options.svg && !show_svg(&table, options.svg)) {
        fprintf(stderr, "invonce-lab: cannot write %s: %s\n", options.svg, strerror(errno));
        return EXIT_FAILURE;
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
