/* Settings: flags, then the environment, then config.ini, then defaults. */
#ifndef INVONCE_TUI_SETTINGS_H
#define INVONCE_TUI_SETTINGS_H

#include "protocol/client/courier/courier.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SETTINGS_SENTENCE_MAX 500

enum setting {
    SETTING_SERVER,
    SETTING_TOKEN,
    SETTING_TOKEN_FILE,
    SETTING_INSECURE,
    SETTING_CONNECT_TIMEOUT,
    SETTING_ATTEMPT_TIMEOUT,
    SETTING_RETRY_BUDGET,
    SETTING_IN_FLIGHT,
    SETTING_HISTORY,
    SETTING_CA_FILE,
    SETTING_LANG,
    SETTINGS
};

/* Where a value was given; a higher one wins. */
enum setting_source {
    SETTING_DEFAULT,
    SETTING_FROM_FILE,
    SETTING_FROM_ENVIRONMENT,
    SETTING_FROM_FLAG
};

struct settings {
    char *values[SETTINGS]; /* owned; NULL: not set */
    enum setting_source sources[SETTINGS];
    int lines[SETTINGS]; /* of config.ini, where that is the source */
    /* Read from the above by settings_finish: */
    char *token; /* owned; NULL: none was given */
    bool insecure;
    int64_t connect_timeout_ms, attempt_timeout_ms, retry_budget_ms, history_ms;
    int64_t in_flight;  /* 1 to 64 */
    char *journal_path; /* owned; in the XDG state directory */
};

/* What is to be done, for which some settings are needed and others are not. */
enum settings_use {
    SETTINGS_TO_SEND = 1, /* records, without a screen */
    SETTINGS_TO_LIST = 2, /* what the journal has */
    SETTINGS_TO_TYPE = 4, /* into the form */
    SETTINGS_TO_SHOW = 8, /* the demonstration, which has a server and a token of its own */
};

enum settings_status {
    SETTINGS_OK,
    SETTINGS_WRONG,  /* a value or a flag that can't be: usage */
    SETTINGS_FAILED, /* a file that can't be read, no memory */
};

/* Takes `--NAME VALUE`, `--NAME=VALUE` or a `--NAME` that needs none at *arguments, and moves on
 * past it. SETTINGS_WRONG, with an empty sentence, when it is no setting's flag. */
enum settings_status settings_take_flag(struct settings *settings, char ***arguments,
                                        char sentence[SETTINGS_SENTENCE_MAX]);

/* The language asked for, before anything else is said: among these arguments, else as
 * settings_finish looks; NULL where nothing asks. The caller's to free. What is wrong with it, or
 * with anything else, settings_finish says. */
char *settings_language(char **arguments);

/* Adds the environment, config.ini and the defaults, and reads the values that are needed; of the
 * others only what flags say must be right. */
enum settings_status settings_finish(struct settings *settings, enum settings_use use,
                                     char sentence[SETTINGS_SENTENCE_MAX]);

/* What config.ini and its flag call it, and its variable. */
const char *settings_name(enum setting setting);
const char *settings_variable(enum setting setting);

/* A token is given in both ways, and this setting is the one that doesn't count. */
bool settings_is_passed_over(const struct settings *settings, enum setting setting);

/* Where config.ini is looked for. The caller's to free; NULL: nowhere, or out of memory. */
char *settings_file(void);

/* The server and how to reach it; borrowed from finished settings. */
struct courier_options settings_courier(const struct settings *settings);

void settings_clear(struct settings *settings);

/* The flags, their environment variables and defaults, for --help. */
void settings_print_help(FILE *out);

/* Those of them that the demonstration heeds: it has a server and a token of its own. */
void settings_print_demo_help(FILE *out);

#endif
