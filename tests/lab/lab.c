/* invonce-lab: what each layer buys, from the real programs. */
#include "tests/lab/cell.h"
#include "tests/lab/show.h"
#include "tests/support/http.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EXIT_USAGE 2
#define TRIALS_MAX 1000

struct options {
    const struct scenario *scenario; /* NULL: all */
    const struct layers *layers;     /* NULL: all columns */
    unsigned seed, trials;
    bool json;
    const char *svg;
};

static void print_usage(FILE *file)
{
    fputs("Usage: invonce-lab [OPTION]...\n"
          "What each layer buys: every scenario with some layers on, and what came of it.\n\n"
          "  --scenario NAME  that one alone:",
          file);
    for (size_t i = 0; i < SCENARIO_COUNT; i++)
        fprintf(file, "%s%s", i % 4 == 0 ? "\n                     " : ", ", SCENARIOS[i].name);
    fputs("\n  --layers NAME    with these layers alone: none, form, key, constraint, all\n"
          "  --trials N       of each cell (6)\n"
          "  --seed N         of what is left to chance (another one each time)\n"
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
    } else {
        return wrong("there is no such option: ", name);
    }
    return 0;
}

static int read_options(struct options *options, char **arguments)
{
    *options = (struct options){.trials = 6, .seed = (unsigned)time(NULL)};
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

static void show_progress(const struct cell *cell, unsigned trial)
{
    if (!isatty(STDERR_FILENO)) return;
    fprintf(stderr, "\r\x1b[K%s, %s: %u of %u", cell->scenario->title, cell->layers->name, trial,
            cell->trials);
    if (trial == cell->trials) fputs("\r\x1b[K", stderr);
    fflush(stderr);
}

/* The cells of the table that were asked for, row by row. */
static bool run_all(const struct options *options, struct table *table)
{
    bool good = true;
    for (size_t row = 0; row < SCENARIO_COUNT; row++) {
        if (options->scenario && options->scenario != &SCENARIOS[row]) continue;
        if (!options->json) show_title(&SCENARIOS[row]);
        for (size_t column = 0; column < LAYERS_COUNT; column++) {
            struct cell *cell = &table->cells[row][column];
            bool asked = !options->layers || options->layers == &LAYERS[column];
            if (asked) {
                *cell = (struct cell){.scenario = &SCENARIOS[row],
                                      .layers = &LAYERS[column],
                                      .trials = options->trials};
                cell_run(cell, options->seed, show_progress);
            }
            if (!options->json) show_cell(cell);
            good = good && (!asked || !cell_complaint(cell));
        }
        if (!options->json) putchar('\n');
    }
    return good;
}

int main(int argc, char **argv)
{
    static struct table table;
    struct options options;
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        print_usage(stdout);
        return 0;
    }
    int code = read_options(&options, argv + (argc > 0 ? 1 : 0));
    if (code != 0) return code;
    http_setup();
    table.seed = options.seed;
    if (!options.json) show_head(options.seed);
    bool good = run_all(&options, &table);
    if (options.json)
        show_json(&table, stdout);
    else
        show_complaints(&table);
    if (options.svg && !show_svg(&table, options.svg)) {
        fprintf(stderr, "invonce-lab: cannot write %s: %s\n", options.svg, strerror(errno));
        return EXIT_FAILURE;
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
