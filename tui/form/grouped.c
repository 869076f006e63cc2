#include "tui/form/grouped.h"

#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

#define DIGITS       "0123456789"
#define PART         3
#define UNPARTED_MAX 4 /* digits */

const char *grouped(const char *amount, char text[GROUPED_SIZE])
{
    struct decimal decimal;
    size_t sign = *amount == '-' ? 1 : 0;
    size_t whole = strspn(amount + sign, DIGITS);
    if (whole <= UNPARTED_MAX || decimal_parse(amount, &decimal) != DECIMAL_OK) {
        snprintf(text, GROUPED_SIZE, "%s", amount);
        return text;
    }
    char *end = text;
    for (size_t i = 0; i < sign + whole; i++) {
        size_t left = sign + whole - i;
        if (i > sign && left % PART == 0) *end++ = words_point_parts() ? ' ' : ',';
        *end++ = amount[i];
    }
    snprintf(end, GROUPED_SIZE - (size_t)(end - text), "%s", amount + sign + whole);
    return text;
}
