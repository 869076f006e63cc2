#include "tui/plain/plain_state.h"

#include "protocol/wire/text.h"
#include "tui/words/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(const char *format, va_list arguments)
{
    char *text = NULL;
    int length = vasprintf(&text, format, arguments);
    char *safe = length < 0 ? NULL : text_safe(text, (size_t)length, TEXT_MANY_LINES);
    if (length >= 0) free(text);
    if (safe) fputs(safe, stdout);
    free(safe);
}

void plain_say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put(format, arguments);
    va_end(arguments);
    fputc('\n', stdout);
    fflush(stdout);
}

void plain_prompt(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    put(format, arguments);
    va_end(arguments);
    fflush(stdout);
}

void plain_say_fact(const char *label, const char *value)
{
    if (value && *value) plain_say("%s: %s", label, value);
}
