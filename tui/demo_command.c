#include "tui/demo_command.h"

#include "tui/command_line.h"
#include "tui/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void demo_command_help(void)
{
    fputs(
        "INVONCE-DEMO(1)\n\n"
        "NAME\n"
        "       invonce demo - see how a duplicate is prevented\n\n"
        "SYNOPSIS\n"
        "       invonce demo [--play [--pace N]] [--fault RULE]... [--bug NAME]\n"
        "                    [--without LAYER] [--prefill FILE] [--recover] [OPTION]...\n\n"
        "DESCRIPTION\n"
        "       Starts a mock server of its own on a free port of this machine, opens the form on\n"
        "       it, and stops the server when the form is left. What the server saw stands beside\n"
        "       the form from 120 columns on, else behind F9: each attempt, and the layer that "
        "kept\n"
        "       it at one. F5, F6 and F7 switch the server's faults, F8 ends them; F1 shows all\n"
        "       keys. The invoices are kept from one demonstration to the next. Without a "
        "terminal\n"
        "       it plays a demonstration as text.\n\n"
        "OPTIONS\n"
        "       --play Plays a story in the form by itself, on a throw-away store; any key quits.\n"
        "       --pace N\n"
        "              With --play: N times as fast, 1 to 100 (1).\n"
        "       --fault RULE\n"
        "              A fault of the server, from the start; several may be given. As in\n"
        "              drop-response@attempt=1: invonce-mock-server --help.\n"
        "       --bug NAME\n"
        "              Plants a mistake that real clients make, to show its harm:\n"
        "              no-lock             every press of Enter is a new intent, with a new key\n"
        "              unlock-after=2s     the form unlocks after a time, without an answer\n"
        "              new-key-per-retry   what is sent again goes under another key\n"
        "       --without LAYER\n"
        "              Turns off a layer of the server, on a store of its own: unique (the\n"
        "              database's constraint on numbers) or idempotency (keys are ignored).\n"
        "       --prefill FILE, --recover\n"
        "              As without demo: invonce --help.\n",
        stdout);
}

static int read_pace(struct demo_options *options, const char *value)
{
    char *end;
    long pace = strtol(value, &end, 10);
    if (!*value || *end || pace < 1 || pace > PLAYER_PACE_MAX)
        return command_line_wrong("--pace takes a number from 1 to 100, not ", value);
    options->pace = (int)pace;
    return 0;
}

static int read_bug(struct demo_options *options, const char *value)
{
    options->bug = value;
    if (mistake_read(value, &options->mistake)) return 0;
    return command_line_wrong("--bug takes no-lock, unlock-after=2s or new-key-per-retry, not ",
                              value);
}

static int read_without(struct demo_options *options, const char *value)
{
    options->without = value;
    if (strcmp(value, "unique") == 0 || strcmp(value, "idempotency") == 0) return 0;
    return command_line_wrong("--without takes unique or idempotency, not ", value);
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
            "--play has a story of its own: without --fault, --bug, --without and --prefill", "");
    if (options->pace > 0 && !options->play) return command_line_wrong("--pace is for --play", "");
    return 0;
}
