#include "tui/command/config.h"

#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/command/command_line.h"
#include "tui/command/manual.h"
#include "tui/command/settings.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define NAME_COLUMNS 17 /* the longest, and two blanks */

static const struct manual_entry before_settings[] = {
    {MANUAL_TITLE, "INVONCE-CONFIG(1)"},
    {MANUAL_HEADING, N_("NAME")},
    {MANUAL_PARAGRAPH, N_("invonce config - the settings in force")},
    {MANUAL_HEADING, N_("SYNOPSIS")},
    {MANUAL_USAGE, N_("invonce config [--json] [OPTION]...")},
    {MANUAL_HEADING, N_("DESCRIPTION")},
    {MANUAL_PARAGRAPH,
     N_("Shows each setting with its value, and where that was given: an option, a variable of "
        "the environment, config.ini and the line of it, or the default. A token is never shown, "
        "only that there is one. No server is asked.")},
    {MANUAL_HEADING, N_("OPTIONS")},
    {MANUAL_ITEM,
     N_("One JSON object: config_file, journal, and settings: of each name, value (null: none, or "
        "a token), set, in_force, source (flag, environment, file, default, or null), and where it "
        "is the "
        "source variable, or file and line."),
     "--json"},
};

static const struct manual_entry exit_status[] = {
    {MANUAL_HEADING, N_("EXIT STATUS")},
    {MANUAL_ITEM, N_("all of them are right"), "0"},
    {MANUAL_ITEM, N_("a file can't be read"), "1"},
    {MANUAL_ITEM, N_("the command line or a setting is wrong"), "2"},
};

/* What is shown: the settings, and the file that some came from. */
struct shown {
    const struct settings *settings;
    const char *file;
};

static bool is_secret(enum setting setting)
{
    return setting == SETTING_TOKEN;
}

/* Owned by the caller; NULL: out of memory. */
static char *source_words(const struct shown *shown, enum setting setting)
{
    const struct settings *settings = shown->settings;
    char *words = NULL;
    int length = -1;
    if (!settings->values[setting]) return strdup("");
    switch (settings->sources[setting]) {
    case SETTING_DEFAULT:
        return strdup(_("default"));
    case SETTING_FROM_FILE:
        length = asprintf(&words, _("%s, line %d"), shown->file, settings->lines[setting]);
        break;
    case SETTING_FROM_ENVIRONMENT:
        return strdup(settings_variable(setting));
    case SETTING_FROM_FLAG:
        length = asprintf(&words, "--%s", settings_name(setting));
        break;
    }
    return length < 0 ? NULL : words;
}

static const char *value_words(const struct settings *settings, enum setting setting)
{
    const char *value = settings->values[setting];
    if (settings_is_passed_over(settings, setting))
        return setting == SETTING_TOKEN ? _("(passed over: there is token-file)")
                                        : _("(passed over: there is token)");
    if (!value) return setting == SETTING_LANG ? _("(the locale's)") : _("(none)");
    return is_secret(setting) ? _("(there is one; it isn't shown)") : value;
}

static void print_safe(const char *text, const char *end)
{
    char *safe = text ? text_safe(text, strlen(text), TEXT_ONE_LINE) : NULL;
    printf("%s%s", safe ? safe : "", end);
    free(safe);
}

static void print_setting(const struct shown *shown, enum setting setting)
{
    char *source = source_words(shown, setting);
    printf("%-*s", NAME_COLUMNS, settings_name(setting));
    print_safe(value_words(shown->settings, setting), source && *source ? "  " : "\n");
    if (source && *source) print_safe(source, "\n");
    free(source);
}

static void print_text(const struct shown *shown)
{
    for (int i = 0; i < SETTINGS; i++)
        print_setting(shown, (enum setting)i);
    printf("\n%s  ", _("The file"));
    print_safe(shown->file ? shown->file : _("(none)"), "");
    puts(!shown->file || access(shown->file, F_OK) == 0 ? "" : _("  (it isn't there)"));
    printf("%s  ", _("The journal"));
    print_safe(shown->settings->journal_path ? shown->settings->journal_path : _("(none)"), "\n");
}

static struct json *json_of(const struct shown *shown, enum setting setting)
{
    static const char *const sources[] = {"default", "file", "environment", "flag"};
    const struct settings *settings = shown->settings;
    const char *value = settings->values[setting];
    enum setting_source source = settings->sources[setting];
    bool from_file = value && source == SETTING_FROM_FILE;
    struct json *json = json_new_texts("name", settings_name(setting), "value",
                                       is_secret(setting) ? NULL : value, NULL);
    json = json_with(json, "set", json_new_bool(value != NULL));
    json = json_with(json, "in_force",
                     json_new_bool(value && !settings_is_passed_over(settings, setting)));
    json = json_with(json, "source", json_new_string(value ? sources[source] : NULL));
    if (value && source == SETTING_FROM_ENVIRONMENT)
        json = json_with(json, "variable", json_new_string(settings_variable(setting)));
    if (from_file) json = json_with(json, "file", json_new_string(shown->file));
    if (from_file) json = json_with(json, "line", json_new_integer(settings->lines[setting]));
    return json;
}

static int print_json(const struct shown *shown)
{
    struct json *rows = json_new_array();
    bool made = rows != NULL;
    for (int i = 0; made && i < SETTINGS; i++)
        made = json_append(rows, json_of(shown, (enum setting)i));
    struct json *json =
        json_new_texts("config_file", shown->file, "journal", shown->settings->journal_path, NULL);
    json = json_with(json, "settings", rows);
    char *text = made && json ? json_write(json) : NULL;
    if (text) puts(text);
    json_free(json);
    int code = text ? 0 : command_line_failed(_("there is not enough memory"));
    free(text);
    return code;
}

/* What is wrong is said behind what is there: it is easier to be found then. */
static int show(struct settings *settings, bool json)
{
    char sentence[SETTINGS_SENTENCE_MAX];
    enum settings_status status =
        settings_finish(settings, SETTINGS_TO_TYPE | SETTINGS_TO_SEND, sentence);
    char *file = settings_file();
    const struct shown shown = {settings, file};
    int code = 0;
    if (json)
        code = print_json(&shown);
    else
        print_text(&shown);
    free(file);
    if (fflush(stdout) != 0 || ferror(stdout)) code = EXIT_OTHER;
    return status == SETTINGS_OK ? code : command_line_settings(status, sentence);
}

static int read_and_show(struct settings *settings, char **arguments)
{
    bool json = false;
    while (*arguments) {
        if (strcmp(*arguments, "--json") == 0) {
            json = true;
            arguments++;
            continue;
        }
        int code = command_line_setting(settings, &arguments);
        if (code != 0) return code;
    }
    return show(settings, json);
}

int config_main(char **arguments)
{
    struct settings settings = {0};
    if (command_line_has(arguments, "--help")) {
        manual_print(stdout, before_settings, COUNT(before_settings));
        settings_print_help(stdout);
        manual_print(stdout, exit_status, COUNT(exit_status));
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    int code = read_and_show(&settings, arguments);
    settings_clear(&settings);
    return code;
}
