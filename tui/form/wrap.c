#include "tui/form/wrap.h"

#include "protocol/wire/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_within_character(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* The bytes of the longest beginning that fits: whole characters, those that take no column with
 * the one before; one character at least. */
static size_t fitting(char *line, size_t length, size_t columns)
{
    size_t fits = 0;
    for (size_t end = 1; end <= length; end++) {
        if (end < length && is_within_character(line[end])) continue;
        char kept = line[end];
        line[end] = '\0';
        size_t width = text_width(line);
        line[end] = kept;
        if (width > columns && fits > 0) break;
        fits = end;
    }
    return fits;
}

size_t wrap_line(const char *text, size_t columns, size_t *next)
{
    size_t length = strcspn(text, "\n");
    char *line = strndup(text, length);
    size_t fits = line ? fitting(line, length, columns) : length;
    free(line);
    *next = fits;
    if (fits == length) {
        *next += text[length] == '\n';
        return fits;
    }
    size_t end = fits;
    while (end > 0 && text[end] != ' ')
        end--;
    if (end == 0) return fits; /* a word that is longer than a line */
    *next = end + 1;
    while (end > 0 && text[end - 1] == ' ')
        end--;
    return end;
}
