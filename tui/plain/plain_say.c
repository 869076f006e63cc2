#include "tui/plain/plain_state.h"

#include "protocol/wire/text.h"
#include "tui/form/align.h"
#include "tui/words/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__attribute__((format(printf, 1, 0))) static void put(const char *format, va_list arguments)
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

void plain_say_sums(const struct sum_rows *sums)
{
    struct align align = {0};
    int labels = 0;
    for (size_t i = 0; i < sums->count; i++) {
        int columns = (int)text_width(sums->rows[i].label);
        if (columns > labels) labels = columns;
        align_measure(&align, sums->rows[i].amount);
    }
    for (size_t i = 0; i < sums->count; i++) {
        const struct sum *sum = &sums->rows[i];
        int start = align_start(&align, labels + 2 + align_columns(&align), sum->amount);
        plain_say("%s:%*s%s", sum->label, start - (int)text_width(sum->label) - 1, "", sum->amount);
    }
}
