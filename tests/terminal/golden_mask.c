#include "tests/terminal/golden_mask.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static void mask_digits(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (isxdigit((unsigned char)text[i])) text[i] = '0';
}

/* How long the text is that follows this shape (d: digit, x: hexadecimal, else itself); 0: not. */
static size_t shape_length(const char *text, const char *shape)
{
    size_t i = 0;
    for (; shape[i] != '\0'; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool fits = shape[i] == 'd'   ? isdigit(byte)
                    : shape[i] == 'x' ? isxdigit(byte)
                                      : text[i] == shape[i];
        if (!fits) return 0;
    }
    return i;
}

/* "Saving  12 s" becomes "Saving  0 s". */
static void mask_seconds(char *text, const char *words)
{
    char *saving = strstr(text, words);
    size_t count = saving != NULL ? strspn(saving += strlen(words), " ") : 0;
    size_t digits = count > 0 ? strspn(saving += count, "0123456789") : 0;
    if (digits == 0) return;
    *saving = '0';
    memmove(saving + 1, saving + digits, strlen(saving + digits) + 1);
}

void golden_mask(char *text, const char *saving)
{
    static const char *const shapes[] = {"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", "xxxx\u2026xxxx",
                                         ".0.0.1:ddddd"};
    for (char *at = text; *at != '\0'; at++)
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
            size_t length = shape_length(at, shapes[i]);
            if (length > 0) mask_digits(at, length);
        }
    mask_seconds(text, saving);
}
