#include "tui/command/settings.h"

#include "tui/command/manual.h"
#include "tui/command/places.h"
#include "tui/command/setting_value.h"
#include "tui/words/words.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOKEN_FILE_MAX 4096 /* bytes */

#define ONLINE (SETTINGS_TO_SEND | SETTINGS_TO_TYPE)
#define ALWAYS (ONLINE | SETTINGS_TO_LIST | SETTINGS_TO_SHOW)

/* One row a setting: to add one is to add a row. The name is that of the flag and of config.ini. */
static const struct {
    const char *name;
    const char *variable;
    enum value_kind kind;
    const char *fallback; /* NULL: none */
    const char *value;    /* what the help calls the value */
    const char *help;
    unsigned needed; /* enum settings_use */
} table[SETTINGS] = {
    [SETTING_SERVER] = {"server", "INVONCE_SERVER", VALUE_TEXT, "http://127.0.0.1:8420", N_("URL"),
                        N_("the server to create invoices on"), ONLINE | SETTINGS_TO_LIST},
    [SETTING_TOKEN] = {"token", "INVONCE_TOKEN", VALUE_TEXT, NULL, N_("TOKEN"),
                       N_("who you are to it (a file is safer: others can see a command line)"),
                       ONLINE},
    [SETTING_TOKEN_FILE] = {"token-file", "INVONCE_TOKEN_FILE", VALUE_TEXT, NULL, N_("FILE"),
                            N_("a file whose first line is the token"), ONLINE},
    [SETTING_INSECURE] = {"insecure", "INVONCE_INSECURE", VALUE_FLAG, "no", NULL,
                          N_("let the token travel over plain http beyond this machine"), ONLINE},
    [SETTING_CONNECT_TIMEOUT] = {"connect-timeout", "INVONCE_CONNECT_TIMEOUT", VALUE_DURATION, "3s",
                                 N_("TIME"), N_("how long to wait for a connection"),
                                 ONLINE | SETTINGS_TO_SHOW},
    [SETTING_ATTEMPT_TIMEOUT] = {"attempt-timeout", "INVONCE_ATTEMPT_TIMEOUT", VALUE_DURATION,
                                 "10s", N_("TIME"), N_("how long to wait for one attempt's answer"),
                                 ONLINE | SETTINGS_TO_SHOW},
    [SETTING_RETRY_BUDGET] = {"retry-budget", "INVONCE_RETRY_BUDGET", VALUE_DURATION, "60s",
                              N_("TIME"),
                              N_("how long to go on trying before it is left to the outbox"),
                              ONLINE | SETTINGS_TO_SHOW},
    [SETTING_IN_FLIGHT] = {"in-flight", "INVONCE_IN_FLIGHT", VALUE_COUNT, "8", N_("N"),
                           N_("how many records create and outbox send at once, 1 to 64"),
                           SETTINGS_TO_SEND},
    [SETTING_HISTORY] = {"history", "INVONCE_HISTORY", VALUE_AGE, "30d", N_("TIME"),
                         N_("how long the journal keeps what is settled"),
                         ONLINE | SETTINGS_TO_SHOW},
    [SETTING_CA_FILE] = {"ca-file", "INVONCE_CA_FILE", VALUE_TEXT, NULL, N_("FILE"),
                         N_("certificates (PEM) to trust in place of the system's"), ONLINE},
    [SETTING_LANG] = {"lang", "INVONCE_LANG", VALUE_LANGUAGE, NULL, "en|pt_BR",
                      N_("the language of words for people; without it, the locale's"), ALWAYS},
};

static enum settings_status explain(char sentence[SETTINGS_SENTENCE_MAX],
                                    enum settings_status status, const char *subject,
                                    const char *text)
{
    snprintf(sentence, SETTINGS_SENTENCE_MAX, "%.200s: %s", subject, text);
    return status;
}

/* Puts stars in place of the user and password that stand before an address's host: with them it is
 * refused, and shown on the way there. */
static void hide_user(char *server)
{
    static const char STARS[] = "***";
    char *slashes = strstr(server, "//"), *user = slashes ? slashes + 2 : server;
    char *behind = strrchr(user, '@');
    if (!behind) return;
    size_t length = (size_t)(behind - user), rest = strlen(behind);
    size_t stars = length < strlen(STARS) ? length : strlen(STARS);
    memcpy(user, STARS, stars);
    memmove(user + stars, behind, rest);
    memset(user + stars + rest, '\0', length - stars);
}

/* Keeps a value unless a higher source gave one. */
static bool keep(struct settings *settings, enum setting setting, enum setting_source source,
                 const char *value)
{
    if (settings->values[setting] && settings->sources[setting] > source) return true;
    char *copy = strdup(value);
    if (!copy) return false;
    if (setting == SETTING_SERVER) hide_user(copy);
    free(settings->values[setting]);
    settings->values[setting] = copy;
    settings->sources[setting] = source;
    return true;
}

static int find(const char *name, size_t length)
{
    for (int i = 0; i < SETTINGS; i++) {
        if (strlen(table[i].name) == length && strncmp(table[i].name, name, length) == 0) return i;
    }
    return -1;
}

enum settings_status settings_take_flag(struct settings *settings, char ***arguments,
                                        char sentence[SETTINGS_SENTENCE_MAX])
{
    char *flag = **arguments;
    sentence[0] = '\0';
    if (strncmp(flag, "--", 2) != 0) return SETTINGS_WRONG;
    char *name = flag + 2;
    char *value = strchr(name, '=');
    int setting = find(name, value ? (size_t)(value - name) : strlen(name));
    if (setting < 0) return SETTINGS_WRONG;
    ++*arguments;
    bool is_flag = table[setting].kind == VALUE_FLAG;
    if (is_flag && value)
        return explain(sentence, SETTINGS_WRONG, flag,
                       _("this flag takes no value: give it alone"));
    if (value) {
        value++;
    } else if (!is_flag) {
        value = **arguments;
        if (!value)
            return explain(sentence, SETTINGS_WRONG, flag, _("a value is missing behind it"));
        ++*arguments;
    }
    bool kept = keep(settings, (enum setting)setting, SETTING_FROM_FLAG, is_flag ? "yes" : value);
    if (setting == SETTING_TOKEN) memset(value, '*', strlen(value)); /* others can see it */
    if (setting == SETTING_SERVER) hide_user(value);
    return kept ? SETTINGS_OK
                : explain(sentence, SETTINGS_FAILED, flag, _("there is not enough memory"));
}

char *settings_file(void)
{
    return place_file(PLACE_CONFIG, "config.ini");
}

const char *settings_name(enum setting setting)
{
    return table[setting].name;
}

const char *settings_variable(enum setting setting)
{
    return table[setting].variable;
}

bool settings_is_passed_over(const struct settings *settings, enum setting setting)
{
    enum setting other = setting == SETTING_TOKEN ? SETTING_TOKEN_FILE : SETTING_TOKEN;
    if (setting != SETTING_TOKEN && setting != SETTING_TOKEN_FILE) return false;
    return settings->values[setting] && settings->values[other] &&
           settings->sources[setting] < settings->sources[other];
}

/* What the parser reads from. It would take the rest of a line that is too long for the next one.
 */
struct file_lines {
    FILE *file;
    int count;
    int cut; /* the line that was cut by its length or by a NUL; 0: none */
};

struct file_reading {
    struct settings *settings;
    struct file_lines lines;
    char unknown[80]; /* the first name that is no setting's */
    bool out_of_memory;
};

static int take_file_entry(void *context, const char *section, const char *name, const char *value)
{
    struct file_reading *reading = context;
    int setting = *section ? -1 : find(name, strlen(name));
    if (setting < 0) {
        if (!reading->unknown[0])
            snprintf(reading->unknown, sizeof reading->unknown, "%.30s%s%.40s", section,
                     *section ? "." : "", name);
        return 0;
    }
    if (!keep(reading->settings, (enum setting)setting, SETTING_FROM_FILE, value)) {
        reading->out_of_memory = true;
        return 0;
    }
    reading->settings->lines[setting] = reading->lines.count;
    return 1;
}

static char *next_line(char *line, int size, void *context)
{
    struct file_lines *lines = context;
    if (lines->cut || !fgets(line, size, lines->file)) return NULL;
    lines->count++;
    if (strchr(line, '\n') || feof(lines->file)) return line;
    lines->cut = lines->count;
    return NULL;
}

/* Without waiting for somebody to write into a pipe. */
static FILE *open_file(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "r") : NULL;
    if (!file && descriptor >= 0) close(descriptor);
    return file;
}

static enum settings_status read_file(struct settings *settings, const char *path,
                                      char sentence[SETTINGS_SENTENCE_MAX])
{
    struct file_reading reading = {.settings = settings, .lines = {.file = open_file(path)}};
    struct file_lines *lines = &reading.lines;
    if (!lines->file) {
        if (errno == ENOENT || errno == ENOTDIR) return SETTINGS_OK;
        return explain(sentence, SETTINGS_FAILED, path, _(strerror(errno)));
    }
    int line = ini_parse_stream(next_line, lines, take_file_entry, &reading);
    int error = ferror(lines->file) ? errno : 0; /* the parser takes it for the end: a directory */
    fclose(lines->file);
    if (error != 0) return explain(sentence, SETTINGS_FAILED, path, _(strerror(error)));
    if (line == 0 && lines->cut == 0) return SETTINGS_OK;
    if (reading.out_of_memory || line < 0)
        return explain(sentence, SETTINGS_FAILED, path, _("it can't be read"));
    char text[200];
    if (line == 0) {
        snprintf(text, sizeof text,
                 _("line %d is too long, or holds a NUL: a long token goes into a file of its own, "
                   "which token-file names"),
                 lines->cut);
    } else if (reading.unknown[0]) {
        snprintf(text, sizeof text,
                 _("there is no setting \"%s\": invonce config shows those that there are"),
                 reading.unknown);
    } else {
        snprintf(text, sizeof text, _("line %d is not NAME = VALUE"), line);
    }
    return explain(sentence, SETTINGS_WRONG, path, text);
}

static bool read_environment(struct settings *settings)
{
    for (int i = 0; i < SETTINGS; i++) {
        const char *value = getenv(table[i].variable);
        if (value && *value && !keep(settings, (enum setting)i, SETTING_FROM_ENVIRONMENT, value))
            return false;
    }
    return true;
}

/* What a person would look for to put it right. */
static const char *place_of(const struct settings *settings, int setting, char text[128])
{
    const char *prefix = settings->sources[setting] == SETTING_FROM_FLAG ? "--" : "";
    bool environment = settings->sources[setting] == SETTING_FROM_ENVIRONMENT;
    snprintf(text, 128, "%s%s", prefix,
             environment ? table[setting].variable : table[setting].name);
    return text;
}

static enum settings_status read_value(struct settings *settings, int setting, void *out,
                                       char sentence[SETTINGS_SENTENCE_MAX])
{
    char place[128];
    char text[200];
    const char *value = settings->values[setting];
    enum value_kind kind = table[setting].kind;
    if (!value || value_read(kind, value, out)) return SETTINGS_OK;
    snprintf(text, sizeof text, _("\"%.100s\" is not %s"), value, value_is(kind));
    return explain(sentence, SETTINGS_WRONG, place_of(settings, setting, place), text);
}

static enum settings_status read_token_file(struct settings *settings, const char *path,
                                            char sentence[SETTINGS_SENTENCE_MAX])
{
    char line[TOKEN_FILE_MAX];
    FILE *file = fopen(path, "re");
    if (!file) return explain(sentence, SETTINGS_FAILED, path, _(strerror(errno)));
    bool read = fgets(line, sizeof line, file) != NULL;
    bool whole = read && (strchr(line, '\n') || feof(file));
    fclose(file);
    if (read && !whole)
        return explain(sentence, SETTINGS_WRONG, path,
                       _("the token in it is too long, or holds a NUL"));
    if (read) line[strcspn(line, "\r\n")] = '\0';
    if (!read || !*line)
        return explain(sentence, SETTINGS_WRONG, path,
                       _("there is no token in it: it is its first line"));
    settings->token = strdup(line);
    return settings->token
               ? SETTINGS_OK
               : explain(sentence, SETTINGS_FAILED, path, _("there is not enough memory"));
}

static enum settings_status read_token(struct settings *settings,
                                       char sentence[SETTINGS_SENTENCE_MAX])
{
    const char *token = settings->values[SETTING_TOKEN];
    const char *file = settings->values[SETTING_TOKEN_FILE];
    if (token && file) {
        if (settings->sources[SETTING_TOKEN] == settings->sources[SETTING_TOKEN_FILE])
            return explain(sentence, SETTINGS_WRONG, _("token and token-file"),
                           _("give one of them"));
        if (settings_is_passed_over(settings, SETTING_TOKEN)) token = NULL;
    }
    if (!token) return file ? read_token_file(settings, file, sentence) : SETTINGS_OK;
    char place[128];
    if (!*token)
        return explain(sentence, SETTINGS_WRONG, place_of(settings, SETTING_TOKEN, place),
                       _("it is empty: give the token"));
    settings->token = strdup(token);
    return settings->token
               ? SETTINGS_OK
               : explain(sentence, SETTINGS_FAILED, "token", _("there is not enough memory"));
}

static enum settings_status gather(struct settings *settings, char sentence[SETTINGS_SENTENCE_MAX])
{
    char *path = settings_file();
    enum settings_status status = path ? read_file(settings, path, sentence) : SETTINGS_OK;
    free(path);
    bool kept = read_environment(settings);
    for (int i = 0; kept && i < SETTINGS; i++) {
        if (table[i].fallback && !settings->values[i])
            kept = keep(settings, (enum setting)i, SETTING_DEFAULT, table[i].fallback);
    }
    if (kept) return status;
    return explain(sentence, SETTINGS_FAILED, _("settings"), _("there is not enough memory"));
}

/* What isn't needed stops nothing, but for what was said on this very command line. */
static bool is_judged(const struct settings *settings, int setting, enum settings_use use)
{
    return (table[setting].needed & (unsigned)use) != 0 ||
           settings->sources[setting] == SETTING_FROM_FLAG;
}

enum settings_status settings_finish(struct settings *settings, enum settings_use use,
                                     char sentence[SETTINGS_SENTENCE_MAX])
{
    enum settings_status status = gather(settings, sentence);
    const struct {
        int setting;
        void *out;
    } typed[] = {
        {SETTING_INSECURE, &settings->insecure},
        {SETTING_CONNECT_TIMEOUT, &settings->connect_timeout_ms},
        {SETTING_ATTEMPT_TIMEOUT, &settings->attempt_timeout_ms},
        {SETTING_RETRY_BUDGET, &settings->retry_budget_ms},
        {SETTING_IN_FLIGHT, &settings->in_flight},
        {SETTING_HISTORY, &settings->history_ms},
        {SETTING_LANG, NULL},
    };
    for (size_t i = 0; status == SETTINGS_OK && i < sizeof typed / sizeof typed[0]; i++) {
        if (is_judged(settings, typed[i].setting, use))
            status = read_value(settings, typed[i].setting, typed[i].out, sentence);
    }
    if (status == SETTINGS_OK && (table[SETTING_TOKEN].needed & (unsigned)use) != 0)
        status = read_token(settings, sentence);
    if (status != SETTINGS_OK) return status;
    settings->journal_path = place_file(PLACE_STATE, "journal.db");
    if (settings->journal_path) return SETTINGS_OK;
    return explain(
        sentence, SETTINGS_FAILED, _("the journal"),
        _("there is no place for it: neither XDG_STATE_HOME nor HOME is an absolute path"));
}

static bool is_language_flag(const char *argument)
{
    const char *name = table[SETTING_LANG].name;
    size_t length = strlen(name);
    return strncmp(argument, "--", 2) == 0 && strncmp(argument + 2, name, length) == 0 &&
           (argument[2 + length] == '=' || argument[2 + length] == '\0');
}

char *settings_language(char **arguments)
{
    struct settings early = {0};
    char sentence[SETTINGS_SENTENCE_MAX];
    char *path = settings_file();
    if (path) read_file(&early, path, sentence);
    free(path);
    read_environment(&early);
    while (*arguments) {
        if (is_language_flag(*arguments))
            settings_take_flag(&early, &arguments, sentence);
        else
            arguments++;
    }
    char *language = early.values[SETTING_LANG];
    early.values[SETTING_LANG] = NULL;
    settings_clear(&early);
    return language;
}

struct courier_options settings_courier(const struct settings *settings)
{
    return (struct courier_options){
        .server = settings->values[SETTING_SERVER],
        .token = settings->token,
        .ca_file = settings->values[SETTING_CA_FILE],
        .connect_timeout_ms = settings->connect_timeout_ms,
        .attempt_timeout_ms = settings->attempt_timeout_ms,
        .insecure = settings->insecure,
    };
}

void settings_clear(struct settings *settings)
{
    for (int i = 0; i < SETTINGS; i++)
        free(settings->values[i]);
    free(settings->token);
    free(settings->journal_path);
    *settings = (struct settings){0};
}

static void print_help_of(FILE *out, enum setting i)
{
    char term[80], text[500];
    snprintf(term, sizeof term, "--%s%s%s", table[i].name, table[i].value ? " " : "",
             table[i].value ? _(table[i].value) : "");
    int used = snprintf(text, sizeof text, "%s.\n%s", _(table[i].help), table[i].variable);
    if (table[i].fallback && (size_t)used < sizeof text)
        snprintf(text + used, sizeof text - (size_t)used, _("; default: %s"), table[i].fallback);
    manual_put(out, MANUAL_ITEM, term, text);
}

void settings_print_help(FILE *out)
{
    for (int i = 0; i < SETTINGS; i++)
        print_help_of(out, (enum setting)i);
}

void settings_print_demo_help(FILE *out)
{
    for (int i = 0; i < SETTINGS; i++)
        if (table[i].needed & SETTINGS_TO_SHOW) print_help_of(out, (enum setting)i);
}
