#include "tui/form/next_number.h"

#include "protocol/wire/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char character)
{
    return character >= '0' && character <= '9';
}

char *next_number(const char *number, size_t characters_max)
{
    size_t length = strlen(number);
    if (length == 0 || !is_digit(number[length - 1])) return NULL;
    char *next = malloc(length + 2);
    if (!next) return NULL;
    memcpy(next, number, length + 1);
    size_t at = length;
    while (at > 0 && next[at - 1] == '9')
        next[--at] = '0';
    if (at > 0 && is_digit(next[at - 1])) {
        next[at - 1]++;
    } else {
        memmove(next + at + 1, next + at, length - at + 1);
        next[at] = '1';
    }
    if (text_length(next) <= characters_max) return next;
    free(next);
    return NULL;
}
