/* invonce: the command line. */
#include "protocol/wire/text.h"
#include "tui/app.h"
#include "tui/demo.h"
#include "tui/prefill.h"
#include "tui/settings.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_OTHER 1
#define EXIT_USAGE 2

struct command_line {
    bool demo;
    struct settings settings;
    const char *prefill;
    char **faults; /* owned; the rules are borrowed */
    size_t fault_count;
};

static void print_help(void)
{
    fputs(
        "INVONCE(1)\n\n"
        "NAME\n"
        "       invonce - enter an invoice once, and see that it exists once\n\n"
        "SYNOPSIS\n"
        "       invonce [--prefill FILE] [OPTION]...\n"
        "       invonce demo [--fault RULE]... [--prefill FILE]\n"
        "       invonce --help | --version\n\n"
        "DESCRIPTION\n"
        "       Opens a form for one invoice after the other. Enter creates it; whatever the\n"
        "       network or the server do then, exactly one record comes of it. F1 shows the keys.\n"
        "       What isn't settled when the form is left is in a journal, and is sent again, with\n"
        "       the same key, at the next start.\n\n"
        "       demo   Starts a mock server of its own on a free port of this machine, opens the\n"
        "              form on it, and stops the server when the form is left. Without a terminal\n"
        "              it plays a demonstration as text.\n\n"
        "OPTIONS\n"
        "       --prefill FILE\n"
        "              Fills the form from a whole or partial record in JSON.\n"
        "       --fault RULE\n"
        "              With demo: a fault of the mock server, such as drop-response@attempt=1.\n",
        stdout);
    settings_print_help(stdout);
    char *file = settings_file();
    printf("       --help, --version\n"
           "              Says this, or the version.\n\n"
           "FILES\n"
           "       %s\n"
           "              NAME = VALUE lines, with the options' names. Options win over the\n"
           "              environment, the environment over this file.\n\n"
           "EXIT STATUS\n"
           "       0  the form was left with nothing unsettled\n"
           "       1  it could not start or go on\n"
           "       2  the command line or a setting is wrong\n"
           "       5  an invoice is unconfirmed: it is in the journal, and will be sent again\n",
           file ? file : "config.ini");
    free(file);
}

static int wrong_usage(const char *sentence, const char *about)
{
    char *safe = text_safe(about, strlen(about), TEXT_ONE_LINE);
    fprintf(stderr, "invonce: %s%s\nTry: invonce --help\n", sentence, safe ? safe : "");
    free(safe);
    return EXIT_USAGE;
}

static int settings_failed(enum settings_status status, const char *sentence)
{
    if (status == SETTINGS_WRONG) return wrong_usage("", sentence);
    fprintf(stderr, "invonce: %s\n", sentence);
    return EXIT_OTHER;
}

/* "--NAME VALUE" or "--NAME=VALUE" at *arguments: moves past it, and gives the value. NULL: another
 * flag, or no value behind it. */
static char *take_value(char ***arguments, const char *flag)
{
    char *argument = **arguments;
    size_t length = strlen(flag);
    if (strncmp(argument, flag, length) != 0) return NULL;
    if (argument[length] == '=') {
        ++*arguments;
        return argument + length + 1;
    }
    if (argument[length] != '\0' || !(*arguments)[1]) return NULL;
    *arguments += 2;
    return (*arguments)[-1];
}

/* Takes one argument. 0 to go on, else the exit code. */
static int take_argument(struct command_line *line, char ***arguments)
{
    const char *argument = **arguments;
    char sentence[SETTINGS_SENTENCE_MAX];
    char *value = take_value(arguments, "--prefill");
    if (value) {
        line->prefill = value;
        return 0;
    }
    value = line->demo ? take_value(arguments, "--fault") : NULL;
    if (value) {
        line->faults[line->fault_count++] = value;
        return 0;
    }
    enum settings_status status = settings_take_flag(&line->settings, arguments, sentence);
    if (status == SETTINGS_OK) return 0;
    if (*sentence) return settings_failed(status, sentence);
    return wrong_usage("this argument is not known here, or lacks its value: ", argument);
}

static int run(struct command_line *line, const struct invoice *prefill)
{
    const struct settings *settings = &line->settings;
    struct demo_options options = {
        .app = {.server = settings->values[SETTING_SERVER],
                .token = settings->token,
                .journal_path = settings->journal_path,
                .connect_timeout_ms = settings->connect_timeout_ms,
                .attempt_timeout_ms = settings->attempt_timeout_ms,
                .retry = retry_policy_default,
                .insecure = settings->insecure,
                .prefill = prefill},
        .faults = line->faults,
        .fault_count = line->fault_count,
    };
    options.app.retry.budget_ms = settings->retry_budget_ms;
    if (line->demo) return demo_run(&options);
    if (settings->token) return app_run(&options.app);
    return wrong_usage("who are you? Give a token: --token-file FILE, INVONCE_TOKEN, or config.ini",
                       "");
}

static int prepare_and_run(struct command_line *line, char **arguments)
{
    while (*arguments) {
        int code = take_argument(line, &arguments);
        if (code != 0) return code;
    }
    char sentence[SETTINGS_SENTENCE_MAX];
    enum settings_status status = settings_finish(&line->settings, sentence);
    if (status != SETTINGS_OK) return settings_failed(status, sentence);
    if (!line->prefill) return run(line, NULL);
    struct invoice_document document;
    enum prefill_status read = prefill_read(line->prefill, &document, stderr);
    int code = read == PREFILL_OK      ? run(line, &document.invoice)
               : read == PREFILL_WRONG ? EXIT_USAGE
                                       : EXIT_OTHER;
    invoice_document_clear(&document);
    return code;
}

static bool is_among(char *const *arguments, const char *wanted)
{
    while (*arguments && strcmp(*arguments, wanted) != 0)
        arguments++;
    return *arguments != NULL;
}

int main(int argc, char **argv)
{
    words_set_up();
    struct command_line line = {0};
    char **arguments = argv + (argc > 0 ? 1 : 0);
    if (is_among(arguments, "--help")) {
        print_help();
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    if (is_among(arguments, "--version")) {
        puts("invonce " INVONCE_VERSION);
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    line.demo = *arguments && strcmp(*arguments, "demo") == 0;
    if (line.demo) arguments++;
    line.faults = calloc((size_t)argc + 1, sizeof *line.faults);
    if (!line.faults) return EXIT_OTHER;
    int code = prepare_and_run(&line, arguments);
    settings_clear(&line.settings);
    free(line.faults);
    return code;
}
