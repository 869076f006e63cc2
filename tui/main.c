/* invonce: the command line. */
#include "tui/app.h"
#include "tui/batch.h"
#include "tui/command_line.h"
#include "tui/demo_command.h"
#include "tui/outbox.h"
#include "tui/places.h"
#include "tui/prefill.h"
#include "tui/settings.h"
#include "tui/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct command_line {
    bool demo;
    struct settings settings;
    const char *prefill;
    bool recover;
    char **faults; /* owned; the rules are borrowed */
    struct demo_options options;
};

/* Where things are kept, as it is here and now. */
static const struct {
    enum place place;
    const char *name, *holds;
} files[] = {
    {PLACE_CONFIG, "config.ini",
     "NAME = VALUE lines, with the options' names. Options win over the\n"
     "              environment, the environment over this file."},
    {PLACE_STATE, "journal.db",
     "The journal: what was sent, and what became of it; drafts of what was\n"
     "              typed and not sent. Others beside it belong to it."},
    {PLACE_DATA, "demo.db", "The demonstration's invoices, kept from one to the next."},
    {PLACE_STATE, "demo-journal.db", "The demonstration's journal."},
    {PLACE_STATE, "demo-server.log",
     "The log of its server. All that begins with demo may be removed, to\n"
     "              start afresh."},
};

static void print_files(void)
{
    puts("\nFILES");
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char *path = place_file(files[i].place, files[i].name);
        printf("       %s\n              %s\n", path ? path : files[i].name, files[i].holds);
        free(path);
    }
}

static void print_form_help(void)
{
    fputs(
        "INVONCE(1)\n\n"
        "NAME\n"
        "       invonce - enter an invoice once, and see that it exists once\n\n"
        "SYNOPSIS\n"
        "       invonce [--prefill FILE] [--recover] [OPTION]...\n"
        "       invonce create FILE.json|FILE.jsonl|- [--key KEY] [--json] [OPTION]...\n"
        "       invonce outbox [list|resume] [--json] [OPTION]...\n"
        "       invonce demo [--play] [--fault RULE]... [--bug NAME] [OPTION]...\n"
        "       invonce --help | --version\n\n"
        "DESCRIPTION\n"
        "       Opens a form for one invoice after the other. Enter creates it; whatever the\n"
        "       network or the server do then, exactly one record comes of it. F1 shows the keys.\n"
        "       What isn't settled when the form is left is in a journal, and is sent again, with\n"
        "       the same key, at the next start.\n\n"
        "       create Creates the invoices of a file, without a screen: invonce create --help.\n\n"
        "       outbox Lists what isn't settled, or sends it again: invonce outbox --help.\n\n"
        "       demo   Starts a mock server of its own on a free port of this machine, opens the\n"
        "              form on it, and stops the server when the form is left; shows what the "
        "server\n"
        "              saw, and loses replies on request: invonce demo --help. Without a\n"
        "              terminal it plays a demonstration as text.\n\n"
        "OPTIONS\n"
        "       --prefill FILE\n"
        "              Fills the form from a whole or partial record in JSON.\n"
        "       --recover\n"
        "              Goes on with a draft that was left behind, without asking.\n",
        stdout);
}

static void print_help(bool demo)
{
    demo ? demo_command_help() : print_form_help();
    settings_print_help(stdout);
    puts("       --help, --version\n"
         "              Says this, or the version.");
    print_files();
    puts("\nEXIT STATUS\n"
         "       0  the form was left with nothing unsettled\n"
         "       1  it could not start or go on\n"
         "       2  the command line or a setting is wrong\n"
         "       5  an invoice is unconfirmed: it is in the journal, and will be sent again");
}

/* Takes one argument. 0 to go on, else the exit code. */
static int take_argument(struct command_line *line, char ***arguments)
{
    char *value = command_line_value(arguments, "--prefill");
    if (value) {
        line->prefill = value;
        return 0;
    }
    if (strcmp(**arguments, "--recover") == 0) {
        line->recover = true;
        ++*arguments;
        return 0;
    }
    int code = 0;
    if (line->demo && demo_command_take(&line->options, line->faults, arguments, &code))
        return code;
    return command_line_setting(&line->settings, arguments);
}

static int run(struct command_line *line, const struct invoice *prefill)
{
    const struct settings *settings = &line->settings;
    struct app_options app = {
        .server = settings->values[SETTING_SERVER],
        .token = settings->token,
        .journal_path = settings->journal_path,
        .ca_file = settings->values[SETTING_CA_FILE],
        .history_ms = settings->history_ms,
        .connect_timeout_ms = settings->connect_timeout_ms,
        .attempt_timeout_ms = settings->attempt_timeout_ms,
        .retry = retry_policy_default,
        .insecure = settings->insecure,
        .prefill = prefill,
        .recover = line->recover,
    };
    app.retry.budget_ms = settings->retry_budget_ms;
    line->options.app = app;
    if (line->demo) return demo_run(&line->options);
    if (settings->token) return app_run(&app);
    return command_line_no_token();
}

static int prepare_and_run(struct command_line *line, char **arguments)
{
    while (*arguments) {
        int code = take_argument(line, &arguments);
        if (code != 0) return code;
    }
    int wrong = demo_command_check(&line->options, line->prefill != NULL);
    if (wrong != 0) return wrong;
    char sentence[SETTINGS_SENTENCE_MAX];
    enum settings_status status = settings_finish(&line->settings, sentence);
    if (status != SETTINGS_OK) return command_line_settings(status, sentence);
    if (!line->prefill) return run(line, NULL);
    struct invoice_document document;
    enum prefill_status read = prefill_read(line->prefill, &document, stderr);
    int code = read == PREFILL_OK      ? run(line, &document.invoice)
               : read == PREFILL_WRONG ? EXIT_USAGE
                                       : EXIT_OTHER;
    invoice_document_clear(&document);
    return code;
}

/* Those without a screen. */
static const struct {
    const char *name;
    int (*run)(char **arguments);
} commands[] = {
    {"create", batch_main},
    {"outbox", outbox_main},
};

/* Before the first word: the language of all that follows. */
static void choose_language(char **arguments)
{
    words_set_up();
    char *asked = settings_language(arguments);
    if (!asked || !words_speak(asked)) words_speak(words_of_environment());
    free(asked);
    const char *charset = words_other_charset();
    if (!charset || !isatty(STDOUT_FILENO)) return;
    fprintf(stderr,
            _("invonce: the locale says %s, and Invonce speaks UTF-8: set LANG to a name that ends "
              "in .UTF-8\n"),
            charset);
}

int main(int argc, char **argv)
{
    struct command_line line = {0};
    char **arguments = argv + (argc > 0 ? 1 : 0);
    choose_language(arguments);
    for (size_t i = 0; *arguments && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(*arguments, commands[i].name) == 0) return commands[i].run(arguments + 1);
    }
    line.demo = *arguments && strcmp(*arguments, "demo") == 0;
    if (command_line_has(arguments, "--help")) {
        print_help(line.demo);
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    if (command_line_has(arguments, "--version")) {
        puts("invonce " INVONCE_VERSION);
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    if (line.demo) arguments++;
    line.faults = calloc((size_t)argc + 1, sizeof *line.faults);
    if (!line.faults) return EXIT_OTHER;
    int code = prepare_and_run(&line, arguments);
    settings_clear(&line.settings);
    free(line.faults);
    return code;
}
