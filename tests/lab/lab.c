/* invonce-lab: what each layer buys, from the real programs. */
#include "tests/lab/arguments.h"
#include "tests/lab/cells.h"
#include "tests/lab/conform/conform.h"
#include "tests/lab/keeper.h"
#include "tests/lab/show.h"
#include "tests/lab/soak/soak.h"
#include "tests/support/cluster.h"
#include "tests/support/http.h"
#include "tests/support/preload.h"
#include "tests/support/stores.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHO        "invonce-lab"
#define TRIALS_MAX 1000

struct options {
    const struct scenario *scenario; /* NULL: all */
    const struct layers *layers;     /* NULL: all columns */
    unsigned seed, trials, at_once;
    bool json, is_postgres;
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
          "  --store KIND     sqlite, or postgresql: a PostgreSQL of its own, or that of "
          "with-postgres\n"
          "  --json           the table as JSON\n"
          "  --svg FILE       and as a heat map\n\n"
          "Exits with 0 when every cell is as it must be, 1 when one isn't, 2 when it is called "
          "wrongly.\n",
          file);
}

static int take_number(const char *name, const char *value, long long least, long long most,
                       unsigned *number)
{
    long long taken = 0;
    if (arguments_number(value, least, most, &taken)) {
        *number = (unsigned)taken;
        return 0;
    }
    char *what = support_format("%s takes a number from %lld to %lld, not ", name, least, most);
    int code = arguments_wrong(WHO, what, value);
    free(what);
    return code;
}

/* An option with a value. 0, or the exit code. */
static int take(struct options *options, const char *name, const char *value)
{
    if (strcmp(name, "--store") == 0) return arguments_store(WHO, value, &options->is_postgres);
    if (strcmp(name, "--trials") == 0)
        return take_number(name, value, 1, TRIALS_MAX, &options->trials);
    if (strcmp(name, "--seed") == 0) return take_number(name, value, 0, UINT32_MAX, &options->seed);
    if (strcmp(name, "--at-once") == 0)
        return take_number(name, value, 1, CELLS_AT_ONCE_MAX, &options->at_once);
    if (strcmp(name, "--svg") == 0) {
        options->svg = value;
    } else if (strcmp(name, "--scenario") == 0) {
        options->scenario = scenario_named(value);
        if (!options->scenario)
            return arguments_wrong(WHO, "there is no such scenario (see --help): ", value);
    } else if (strcmp(name, "--layers") == 0) {
        options->layers = layers_named(value);
        if (!options->layers)
            return arguments_wrong(WHO, "--layers takes none, form, key, constraint or all, not ",
                                   value);
    } else {
        return arguments_wrong(WHO, "there is no such option: ", name);
    }
    return 0;
}

/* Where the environment doesn't name the store, it is a file; which it is, is decided here. */
static int read_store(struct options *options)
{
    const char *kind = getenv(STORES_KIND_VARIABLE);
    if (!kind || !*kind || strcmp(kind, "sqlite") == 0) return 0;
    options->is_postgres = strcmp(kind, "postgresql") == 0;
    return options->is_postgres
               ? 0
               : arguments_wrong(WHO, STORES_KIND_VARIABLE " is sqlite or postgresql, not ", kind);
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
    int code = read_store(options);
    for (; *arguments && code == 0; arguments++) {
        if (strcmp(*arguments, "--json") == 0) {
            options->json = true;
            continue;
        }
        if (!arguments[1])
            return arguments_wrong(WHO, "unknown, or without its value (see --help): ", *arguments);
        code = take(options, arguments[0], arguments[1]);
        arguments++;
    }
    return code == 0 ? arguments_try_server(WHO, NULL) : code;
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

static int cannot_write(const char *path)
{
    fprintf(stderr, WHO ": cannot write %s: %s\n", path, strerror(errno));
    return EXIT_FAILURE;
}

static bool run_cells(struct table *table, const struct options *options)
{
    bool good = cells_run(table, options->at_once, tell);
    if (options->json) show_json(table, stdout);
    return show_complaints(table, options->json ? stderr : stdout) && good;
}

/* On the server that with-postgres started, or on one of its own. */
static bool run_on_store(struct table *table, const struct options *options)
{
    static struct cluster cluster;
    bool is_own = options->is_postgres && !getenv(STORES_SERVER_VARIABLE);
    if (is_own) cluster_make(&cluster);
    stores_use(options->is_postgres, is_own ? cluster.directory : NULL);
    bool good = run_cells(table, options);
    if (is_own) cluster_clear(&cluster);
    return good;
}

static int table_main(int argc, char **argv)
{
    static struct table table;
    struct options options;
    int code = read_options(&options, argv + (argc > 0 ? 1 : 0));
    if (code != 0) return code;
    FILE *svg = options.svg ? fopen(options.svg, "we") : NULL;
    if (options.svg && !svg) return cannot_write(options.svg);
    http_setup();
    ask_for(&options, &table);
    shows_rows = !options.json;
    if (shows_rows) show_head(options.seed);
    bool good = run_on_store(&table, &options);
    if (svg && !show_svg(&table, svg)) return cannot_write(options.svg);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (is_command(argc, argv, "conform")) return conform_main(argc - 1, argv + 1);
    if (is_command(argc, argv, "soak")) return keeper_run(soak_main, argc - 1, argv + 1);
    if (arguments_ask_for_help(argv)) {
        print_usage(stdout);
        return keeper_end_output(EXIT_SUCCESS);
    }
    return keeper_run(table_main, argc, argv);
}
