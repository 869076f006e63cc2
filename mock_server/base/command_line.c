#include "mock_server/base/command_line.h"

#include "mock_server/base/settings.h"
#include "protocol/wire/duration.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_ROW 256 /* getopt names an option by this and its place in the table */
#define OPERAND   1

int refuse(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs(PROGRAM ": ", stderr);
    vfprintf(stderr, format, arguments);
    fputs("\n", stderr);
    va_end(arguments);
    return EXIT_REFUSED;
}

/* --- what options take --- */

const char *take_text(const struct option_row *row, char *argument)
{
    *(const char **)row->place = argument;
    return NULL;
}

const char *take_flag(const struct option_row *row, char *unused)
{
    (void)unused;
    *(bool *)row->place = true;
    return NULL;
}

const char *take_duration(const struct option_row *row, char *argument)
{
    return duration_parse(argument, row->min, DURATION_MAX_MS, row->place)
               ? NULL
               : "expected a duration, such as 500ms, 2s, 30m or 24h";
}

const char *take_number(const struct option_row *row, char *argument)
{
    const char *wrong =
        row->min == 0 ? "expected a whole number" : "expected a whole number from 1";
    return number_parse(argument, row->min, row->max, row->place) ? NULL : wrong;
}

/* A password may be seen on the command line only until it was read; it has many places in a URL,
 * each of which may be percent-encoded, so all of that is hidden. */
static void hide(char *url)
{
    for (char *at = strstr(url, "://") + 3; *at; at++) {
        *at = '*';
    }
}

/* What libpq reads itself is left to it. */
static const char *take_postgres(char *url)
{
    static char *copy;
    free(copy);
    settings.store = copy = strdup(url);
    hide(url);
    return settings.store ? NULL : "out of memory";
}

const char *take_store(const struct option_row *row, char *argument)
{
    (void)row;
    static const char SCHEME[] = "sqlite:";
    if (strncmp(argument, "postgresql://", 13) == 0 || strncmp(argument, "postgres://", 11) == 0) {
        return take_postgres(argument);
    }
    if (strncmp(argument, SCHEME, sizeof SCHEME - 1) != 0) {
        return "expected sqlite:FILE or postgresql://...";
    }
    const char *file = argument + sizeof SCHEME - 1;
    if (!file[0] || strcmp(file, ":memory:") == 0) {
        return "expected the name of a file after sqlite:";
    }
    settings.store = argument;
    return NULL;
}

char *command_line_store(void)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    char *url = NULL;
    int length = -1;
    if (settings.store) {
        length = asprintf(&url, "%s", settings.store);
    } else if (data && data[0] == '/') {
        length = asprintf(&url, "sqlite:%s/invonce/server.db", data);
    } else if (home && home[0] == '/') {
        length = asprintf(&url, "sqlite:%s/.local/share/invonce/server.db", home);
    }
    if (length < 0) {
        refuse("there is no HOME for the default store; name one with --store");
        return NULL;
    }
    return url;
}

/* --- help --- */

static const struct option_row EVERYWHERE[] = {
    {"help", NULL, NULL, "Show this."},
    {"version", NULL, NULL, "Show the version."},
};
#define EVERYWHERE_COUNT (sizeof EVERYWHERE / sizeof EVERYWHERE[0])

static const struct option_row *row_at(const struct command *command, size_t i)
{
    return i < command->option_count ? &command->options[i]
                                     : &EVERYWHERE[i - command->option_count];
}

static void print_help(const struct command *command)
{
    fputs(command->introduction, stdout);
    for (size_t i = 0; i < command->option_count + EVERYWHERE_COUNT; i++) {
        const struct option_row *row = row_at(command, i);
        printf("    --%s%s%s\n", row->name, row->argument ? " " : "",
               row->argument ? row->argument : "");
        for (const char *line = row->help; line; line = strchr(line, '\n')) {
            line += *line == '\n';
            printf("        %.*s\n", (int)strcspn(line, "\n"), line);
        }
        fputs("\n", stdout);
    }
    fputs(command->conclusion, stdout);
}

/* --- reading --- */

enum end {
    END_RUN,
    END_DONE,  /* --help or --version: said */
    END_WRONG, /* a sentence was written to standard error */
};

static enum end take_row(const struct command *command, const struct option_row *row,
                         char *argument)
{
    if (row == &EVERYWHERE[0]) {
        print_help(command);
        return END_DONE;
    }
    if (row == &EVERYWHERE[1]) {
        puts(PROGRAM " " INVONCE_VERSION);
        return END_DONE;
    }
    const char *wrong = row->take(row, argument);
    if (wrong && wrong[0]) {
        refuse("--%s: %s", row->name, wrong);
    }
    return wrong ? END_WRONG : END_RUN;
}

static enum end take_operand(const struct command *command, const char *text)
{
    for (size_t i = 0; i < command->operands_max; i++) {
        if (!command->operands[i]) {
            command->operands[i] = text;
            return END_RUN;
        }
    }
    refuse("unexpected argument %s; --help shows how to call it", text);
    return END_WRONG;
}

static enum end wrong_option(char **argv, int option)
{
    const char *text = argv[optind - 1];
    const char *end = strchr(text, '=');
    int length = end ? (int)(end - text) : (int)strlen(text);
    refuse("%.*s %s; --help lists the options", length, text,
           option == ':' ? "needs an argument" : "is no option, or takes no argument");
    return END_WRONG;
}

static struct option *make_longs(const struct command *command)
{
    size_t count = command->option_count + EVERYWHERE_COUNT;
    struct option *longs = calloc(count + 1, sizeof(struct option));
    for (size_t i = 0; longs && i < count; i++) {
        const struct option_row *row = row_at(command, i);
        longs[i] = (struct option){row->name, row->argument ? required_argument : no_argument, NULL,
                                   (int)i + FIRST_ROW};
    }
    return longs;
}

static enum end read_each(const struct command *command, const struct option *longs, int argc,
                          char **argv)
{
    int option = 0;
    enum end end = END_RUN;
    while (end == END_RUN && (option = getopt_long(argc, argv, "-:", longs, NULL)) != -1) {
        if (option >= FIRST_ROW) {
            end = take_row(command, row_at(command, (size_t)(option - FIRST_ROW)), optarg);
        } else {
            end = option == OPERAND ? take_operand(command, optarg) : wrong_option(argv, option);
        }
    }
    while (end == END_RUN && optind < argc) { /* behind -- */
        end = take_operand(command, argv[optind++]);
    }
    return end;
}

/* What was said must have gone out. */
static int end_output(int code)
{
    bool told = code == EXIT_FAILED && ferror(stdout);
    if (told || (fflush(stdout) == 0 && !ferror(stdout))) {
        return code;
    }
    refuse("standard output cannot be written");
    return EXIT_FAILED;
}

int command_line_run(const struct command *const *commands, size_t count, int argc, char **argv)
{
    const struct command *command = commands[0];
    for (size_t i = 0; argc > 1 && i < count; i++) {
        if (strcmp(argv[1], commands[i]->name) == 0) {
            command = commands[i];
            optind = 2;
        }
    }
    struct option *longs = make_longs(command);
    if (!longs) {
        return refuse("out of memory");
    }
    enum end end = read_each(command, longs, argc, argv);
    free(longs);
    if (end == END_DONE) {
        return end_output(EXIT_SUCCESS);
    }
    bool wrong = end == END_WRONG || (command->check && !command->check());
    return wrong ? EXIT_REFUSED : end_output(command->run());
}

bool command_line_store_is_there(const char *url)
{
    static const char SCHEME[] = "sqlite:";
    size_t length = sizeof SCHEME - 1;
    return strncmp(url, SCHEME, length) != 0 || access(url + length, F_OK) == 0;
}
