#include "tui/command/command_line.h"

#include "protocol/wire/text.h"
#include "tui/words/first_steps.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *command_line_value(char ***arguments, const char *flag)
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

bool command_line_has(char *const *arguments, const char *wanted)
{
    while (*arguments && strcmp(*arguments, wanted) != 0)
        arguments++;
    return *arguments != NULL;
}

int command_line_wrong(const char *sentence, const char *about)
{
    char *told = words_retold(about);
    char *safe = told ? text_safe(told, strlen(told), TEXT_ONE_LINE) : NULL;
    fprintf(stderr, _("invonce: %s%s\nTry: invonce --help\n"), sentence, safe ? safe : "");
    free(safe);
    free(told);
    return EXIT_USAGE;
}

int command_line_text(const char *value)
{
    if (text_is_utf8(value, strlen(value))) return 0;
    return command_line_wrong(_("this text is not UTF-8: "), value);
}

int command_line_no_token(void)
{
    int code = command_line_wrong(
        _("who are you? Give a token: --token-file FILE, INVONCE_TOKEN, or config.ini"), "");
    first_steps_print(stderr);
    return code;
}

int command_line_failed(const char *sentence)
{
    char *told = words_retold(sentence);
    char *safe = told ? text_safe(told, strlen(told), TEXT_ONE_LINE) : NULL;
    fprintf(stderr, "invonce: %s\n", safe ? safe : "");
    free(safe);
    free(told);
    return EXIT_OTHER;
}

int command_line_settings(enum settings_status status, const char *sentence)
{
    return status == SETTINGS_WRONG ? command_line_wrong("", sentence)
                                    : command_line_failed(sentence);
}

int command_line_setting(struct settings *settings, char ***arguments)
{
    char *argument = **arguments;
    char sentence[SETTINGS_SENTENCE_MAX];
    enum settings_status status = settings_take_flag(settings, arguments, sentence);
    if (status == SETTINGS_OK) return 0;
    if (*sentence) return command_line_settings(status, sentence);
    if (*argument == '-') argument[strcspn(argument, "=")] = '\0'; /* "--tokn=SECRET" */
    return command_line_wrong(_("this argument is not known here, or lacks its value: "), argument);
}
