/* invonce: the command line. */
#include "protocol/wire/resources/resources.h"
#include "protocol/wire/text.h"
#include "tui/app/app.h"
#include "tui/batch/batch.h"
#include "tui/batch/outbox.h"
#include "tui/command/command_line.h"
#include "tui/command/config.h"
#include "tui/command/manual.h"
#include "tui/command/places.h"
#include "tui/command/settings.h"
#include "tui/demo/demo_command.h"
#include "tui/form/prefill.h"
#include "tui/list/list.h"
#include "tui/list/show.h"
#include "tui/plain/plain.h"
#include "tui/terminal/screen.h"
#include "tui/words/words.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct command_line {
    bool demo;
    struct settings settings;
    const struct resource *resource;
    const char *prefill;
    bool recover;
    bool plain;
    char **faults; /* owned; the rules are borrowed */
    struct demo_options options;
};

/* Where things are kept, as it is here and now. */
static const struct {
    enum place place;
    const char *name, *holds;
} files[] = {
    {PLACE_CONFIG, "config.ini",
     N_("NAME = VALUE lines, with the options' names. Options win over the environment, the "
        "environment over this file.")},
    {PLACE_STATE, "journal.db",
     N_("The journal: what was sent, and what became of it; drafts of what was typed and not sent. "
        "Others beside it belong to it.")},
    {PLACE_DATA, "demo.db", N_("The demonstration's invoices, kept from one to the next.")},
    {PLACE_STATE, "demo-journal.db", N_("The demonstration's journal.")},
    {PLACE_STATE, "demo-server.log",
     N_("The log of its server. All that begins with demo may be removed, to start afresh.")},
};

static const struct manual_entry before_settings[] = {
    {MANUAL_TITLE, "INVONCE(1)"},
    {MANUAL_HEADING, N_("NAME")},
    {MANUAL_PARAGRAPH, N_("invonce - enter an invoice once, and see that it exists once")},
    {MANUAL_HEADING, N_("SYNOPSIS")},
    {MANUAL_USAGE, N_("invonce [--prefill FILE] [--recover] [--plain] [OPTION]...")},
    {MANUAL_USAGE,
     N_("invonce create FILE.json|FILE.jsonl|FILE.csv|- [--key KEY] [--json] [OPTION]...")},
    {MANUAL_USAGE, N_("invonce outbox [list|resume|seen KEY...] [--json] [OPTION]...")},
    {MANUAL_USAGE, N_("invonce list [--json|--csv] [OPTION]...")},
    {MANUAL_USAGE, N_("invonce show NUMBER|ID [--json|--text] [OPTION]...")},
    {MANUAL_USAGE, N_("invonce config [--json] [OPTION]...")},
    {MANUAL_USAGE, N_("invonce demo [--play] [--fault RULE]... [--bug NAME] [OPTION]...")},
    {MANUAL_USAGE, "invonce --help | --version"},
    {MANUAL_HEADING, N_("DESCRIPTION")},
    {MANUAL_PARAGRAPH,
     N_("Opens a form for one invoice after the other. Enter creates it; whatever the network or "
        "the server do then, exactly one record comes of it. F1 shows the keys. What isn't settled "
        "when the form is left is in a journal, and is sent again, with the same key, at the next "
        "start.")},
    {MANUAL_ITEM, N_("Creates the invoices of a file, without a screen: invonce create --help."),
     "create"},
    {MANUAL_ITEM, N_("Lists what isn't settled, or sends it again: invonce outbox --help."),
     "outbox"},
    {MANUAL_ITEM, N_("Lists the invoices that the server has: invonce list --help."), "list"},
    {MANUAL_ITEM, N_("Shows one of them, as the page that one prints: invonce show --help."),
     "show"},
    {MANUAL_ITEM, N_("Shows the settings in force, and where each was given."), "config"},
    {MANUAL_ITEM,
     N_("Starts a mock server of its own on a free port of this machine, opens the form on it, and "
        "stops the server when the form is left; shows what the server saw, and loses replies on "
        "request: invonce demo --help. Without a terminal it plays a demonstration as text."),
     "demo"},
    {MANUAL_HEADING, N_("OPTIONS")},
    {MANUAL_ITEM, N_("Fills the form from a whole or partial record in JSON."),
     N_("--prefill FILE")},
    {MANUAL_ITEM, N_("Goes on with a draft that was left behind, without asking."), "--recover"},
    {MANUAL_ITEM,
     N_("Asks for the fields one by one, a line each, for screen readers and for terminals that "
        "can't show the form. ACCESSIBLE, set and not empty in the environment, does the same. "
        "Answers may come from a pipe; its end leaves. In place of an answer /recent lists what "
        "the "
        "server has, and /outbox what isn't settled; a number opens one."),
     "--plain"},
};

/* Where there is more than one. */
static const struct manual_entry of_resources[] = {
    {MANUAL_ITEM, N_("What is entered."), N_("--resource NAME")},
};

static const struct manual_entry exit_status[] = {
    {MANUAL_HEADING, N_("EXIT STATUS")},
    {MANUAL_ITEM, N_("the form was left with nothing unsettled"), "0"},
    {MANUAL_ITEM, N_("it could not start or go on"), "1"},
    {MANUAL_ITEM, N_("the command line or a setting is wrong"), "2"},
    {MANUAL_ITEM, N_("an invoice is unconfirmed: it is in the journal, and will be sent again"),
     "5"},
};

static void print_files(void)
{
    manual_put(stdout, MANUAL_HEADING, NULL, _("FILES"));
    for (size_t i = 0; i < COUNT(files); i++) {
        char *path = place_file(files[i].place, files[i].name);
        manual_put(stdout, MANUAL_ITEM, path ? path : files[i].name, _(files[i].holds));
        free(path);
    }
}

static void print_form_help(void)
{
    manual_print(stdout, before_settings, COUNT(before_settings));
    if (RESOURCE_COUNT > 1) manual_print(stdout, of_resources, COUNT(of_resources));
}

static void print_help(bool demo)
{
    demo ? demo_command_help() : print_form_help();
    demo ? settings_print_demo_help(stdout) : settings_print_help(stdout);
    manual_put(stdout, MANUAL_ITEM, "--help, --version", _("Says this, or the version."));
    print_files();
    manual_print(stdout, exit_status, COUNT(exit_status));
}

/* 0 to go on, else the exit code. */
static int take_resource(struct command_line *line, const char *name)
{
    for (size_t i = 0; i < RESOURCE_COUNT; i++) {
        if (strcmp(RESOURCES[i]->name, name) != 0) continue;
        line->resource = RESOURCES[i];
        return 0;
    }
    return command_line_wrong(_("there is no such resource: "), name);
}

/* Takes one argument. 0 to go on, else the exit code. */
static int take_argument(struct command_line *line, char ***arguments)
{
    char *value = command_line_value(arguments, "--prefill");
    if (value) {
        line->prefill = value;
        return 0;
    }
    bool has_choice = RESOURCE_COUNT > 1 && !line->demo;
    value = has_choice ? command_line_value(arguments, "--resource") : NULL;
    if (value) return take_resource(line, value);
    if (strcmp(**arguments, "--recover") == 0) {
        line->recover = true;
        ++*arguments;
        return 0;
    }
    if (strcmp(**arguments, "--plain") == 0) {
        line->plain = true;
        ++*arguments;
        return 0;
    }
    int code = 0;
    if (line->demo && demo_command_take(&line->options, line->faults, arguments, &code))
        return code;
    return command_line_setting(&line->settings, arguments);
}

/* As other programs are told by the same variable. */
static bool wants_plain(void)
{
    const char *accessible = getenv("ACCESSIBLE");
    return accessible && *accessible;
}

/* A terminal that can do no more can still be asked line by line. */
static int run_without_screen(const struct entry_options *options)
{
    struct entry_options plain = *options;
    const char *name = getenv("TERM");
    char *safe = name ? text_safe(name, strlen(name), TEXT_ONE_LINE) : NULL;
    printf(
        _("The terminal \"%.60s\" (TERM) is not known here or cannot show the form: going on line "
          "by line, as with --plain.\n"),
        safe ? safe : "");
    free(safe);
    plain.plain = true;
    return plain_run(&plain);
}

static int run_form(const struct entry_options *options, const struct app_hooks *hooks)
{
    if (options->plain) return plain_run(options);
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !screen_is_able())
        return run_without_screen(options);
    return app_run(options, hooks);
}

static int run(struct command_line *line, const struct values *prefill)
{
    const struct settings *settings = &line->settings;
    struct entry_options entry = {
        .resource = line->resource,
        .courier = settings_courier(settings),
        .journal_path = settings->journal_path,
        .history_ms = settings->history_ms,
        .retry = retry_policy_default,
        .prefill = prefill,
        .recover = line->recover,
        .plain = line->plain || wants_plain(),
    };
    entry.retry.budget_ms = settings->retry_budget_ms;
    line->options.entry = entry;
    line->options.run = run_form;
    if (line->demo) return demo_run(&line->options);
    if (settings->token) return run_form(&entry, NULL);
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
    enum settings_status status = settings_finish(
        &line->settings, line->demo ? SETTINGS_TO_SHOW : SETTINGS_TO_TYPE, sentence);
    if (status != SETTINGS_OK) return command_line_settings(status, sentence);
    if (!line->prefill) return run(line, NULL);
    struct document document;
    enum prefill_status read = prefill_read(line->prefill, line->resource, &document, stderr);
    int code = read == PREFILL_OK      ? run(line, &document.values)
               : read == PREFILL_WRONG ? EXIT_USAGE
                                       : EXIT_OTHER;
    document_clear(&document);
    return code;
}

/* Those without a screen. */
static const struct {
    const char *name;
    int (*run)(char **arguments);
} commands[] = {
    {"config", config_main}, {"create", batch_main}, {"outbox", outbox_main},
    {"list", list_main},     {"show", show_main},
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

/* Where a standard stream is closed, the next file that is opened would take its number, and what
 * is printed would land in that. It gets one that refuses, as a closed one does. */
static bool hold_standard_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        if (fcntl(stream, F_GETFD) >= 0) continue;
        if (open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct command_line line = {.resource = RESOURCES[0]};
    if (!hold_standard_streams()) return EXIT_OTHER;
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
