#include "tui/demo/demo_command.h"

#include "tui/command/command_line.h"
#include "tui/command/manual.h"
#include "tui/demo/player.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct manual_entry help[] = {
    {MANUAL_TITLE, "INVONCE-DEMO(1)"},
    {MANUAL_HEADING, N_("NAME")},
    {MANUAL_PARAGRAPH, N_("invonce demo - see how a duplicate is prevented")},
    {MANUAL_HEADING, N_("SYNOPSIS")},
    {MANUAL_USAGE, N_("invonce demo [--play [--pace N]] [--fault RULE]... [--bug NAME]")},
    {MANUAL_USAGE, N_("    [--without LAYER] [--prefill FILE] [--recover] [--plain] [OPTION]...")},
    {MANUAL_HEADING, N_("DESCRIPTION")},
    {MANUAL_PARAGRAPH,
     N_("Starts a mock server of its own on a free port of this machine, opens the form on it, and "
        "stops the server when the form is left. What the server saw stands beside the form from "
        "120 columns on, else behind F9: each attempt, and the layer that kept it at one. F5, F6 "
        "and F7 switch the server's faults, F8 ends them; F1 shows all keys. The invoices are kept "
        "from one demonstration to the next. Without a terminal it plays a demonstration as "
        "text.")},
    {MANUAL_HEADING, N_("OPTIONS")},
    {MANUAL_ITEM, N_("Plays a story in the form by itself, on a throw-away store; any key quits."),
     "--play"},
    {MANUAL_ITEM, N_("With --play: N times as fast, 1 to 100 (1)."), "--pace N"},
    {MANUAL_ITEM,
     N_("A fault of the server, from the start; several may be given. As in "
        "drop-response@attempt=1: invonce-mock-server --help."),
     N_("--fault RULE")},
    {MANUAL_ITEM,
     N_("Plants a mistake that real clients make, to show its harm:\n"
        "no-lock: every press of Enter is a new intent, with a new key\n"
        "unlock-after=2s: the form unlocks after a time, without an answer\n"
        "new-key-per-retry: what is sent again goes under another key"),
     N_("--bug NAME")},
    {MANUAL_ITEM,
     N_("Turns off a layer of the server, on a store of its own: unique (the database's constraint "
        "on numbers) or idempotency (keys are ignored)."),
     N_("--without LAYER")},
    {MANUAL_ITEM, N_("As without demo: invonce --help."), N_("--prefill FILE, --recover, --plain")},
};

void demo_command_help(void)
{
    manual_print(stdout, help, sizeof help / sizeof help[0]);
}

static int read_pace(struct demo_options *options, const char *value)
{
    char *end;
    long pace = strtol(value, &end, 10);
    if (!*value || *end || pace < 1 || pace > PLAYER_PACE_MAX)
        return command_line_wrong(_("--pace takes a number from 1 to 100, not "), value);
    options->pace = (int)pace;
    return 0;
}

static int read_bug(struct demo_options *options, const char *value)
{
    options->bug = value;
    if (mistake_read(value, &options->mistake)) return 0;
    return command_line_wrong(_("--bug takes no-lock, unlock-after=2s or new-key-per-retry, not "),
                              value);
}

static int read_without(struct demo_options *options, const char *value)
{
    options->without = value;
    if (strcmp(value, "unique") == 0 || strcmp(value, "idempotency") == 0) return 0;
    return command_line_wrong(_("--without takes unique or idempotency, not "), value);
}

bool demo_command_take(struct demo_options *options, char **faults, char ***arguments, int *code)
{
    char *value;
    if (strcmp(**arguments, "--play") == 0) {
        options->play = true;
        ++*arguments;
    } else if ((value = command_line_value(arguments, "--fault"))) {
        faults[options->fault_count++] = value;
        options->faults = faults;
    } else if ((value = command_line_value(arguments, "--bug"))) {
        *code = read_bug(options, value);
    } else if ((value = command_line_value(arguments, "--without"))) {
        *code = read_without(options, value);
    } else if ((value = command_line_value(arguments, "--pace"))) {
        *code = read_pace(options, value);
    } else {
        return false;
    }
    return true;
}

int demo_command_check(const struct demo_options *options, bool prefilled)
{
    bool altered = options->fault_count > 0 || options->bug || options->without || prefilled;
    if (options->play && altered)
        return command_line_wrong(
            _("--play has a story of its own: without --fault, --bug, --without and --prefill"),
            "");
    if (options->pace > 0 && !options->play)
        return command_line_wrong(_("--pace is for --play"), "");
    return 0;
}
