#include "tui/form/plain_character.h"

#include <string.h>
#include <utf8proc.h>

#define FULL_WIDTH_FIRST 0xFF01
#define FULL_WIDTH_LAST  0xFF5D /* of those of ASCII's printed ones */
#define ASCII_PRINTED    0x21
#define BYTES_MAX        4
#define MINUS            0x2212
#define APOSTROPHE       0x2019

static char stands_for(utf8proc_int32_t character)
{
    if (character >= ' ' && character < PLAIN_NONE) return (char)character;
    if (character == '\t') return ' ';
    if (character >= FULL_WIDTH_FIRST && character <= FULL_WIDTH_LAST)
        return (char)(character - FULL_WIDTH_FIRST + ASCII_PRINTED);
    utf8proc_category_t category = utf8proc_category(character);
    if (category == UTF8PROC_CATEGORY_ZS) return ' ';
    if (category == UTF8PROC_CATEGORY_PD || character == MINUS) return '-';
    return character == APOSTROPHE ? '\'' : PLAIN_NONE;
}

char plain_character(const char *at, size_t *bytes)
{
    utf8proc_int32_t character;
    *bytes = 0;
    if (*at == '\0') return '\0';
    utf8proc_ssize_t taken = utf8proc_iterate((const utf8proc_uint8_t *)at,
                                              (utf8proc_ssize_t)strnlen(at, BYTES_MAX), &character);
    *bytes = taken > 0 ? (size_t)taken : 1;
    return taken > 0 ? stands_for(character) : PLAIN_NONE;
}
