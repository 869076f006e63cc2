#include "protocol/wire/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define REPLACEMENT      "\xEF\xBF\xBD" /* U+FFFD */
#define REPLACEMENT_SIZE 3
#define ELLIPSIS         "\xE2\x80\xA6" /* U+2026 */

struct range {
    utf8proc_int32_t first, last;
};

/* The 25 code points of the property White_Space (PropList.txt). */
static const struct range WHITE_SPACE[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0}, {0x1680, 0x1680},
    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

/* What could move the cursor, end a line or turn the direction of what follows: controls, line and
 * paragraph separators, bidirectional embeddings, overrides and isolates (UAX 9). */
static const struct range UNSAFE[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x2028, 0x2029}, {0x202A, 0x202E}, {0x2066, 0x2069},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool is_in(const struct range *ranges, size_t count, utf8proc_int32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (code <= ranges[i].last) return code >= ranges[i].first;
    return false;
}

static bool is_white_space(utf8proc_int32_t code)
{
    return is_in(WHITE_SPACE, COUNT(WHITE_SPACE), code);
}

static bool is_control(utf8proc_int32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F);
}

/* Reads the code point at `bytes` and returns how many bytes it takes. A byte that is no UTF-8 is
 * taken alone, with *code -1. */
static size_t next(const char *bytes, size_t length, utf8proc_int32_t *code)
{
    unsigned char first = (unsigned char)*bytes;
    if (first < 0x80) {
        *code = first;
        return 1;
    }
    utf8proc_ssize_t taken =
        utf8proc_iterate((const utf8proc_uint8_t *)bytes, (utf8proc_ssize_t)length, code);
    if (taken > 0) return (size_t)taken;
    *code = -1;
    return 1;
}

bool text_is_utf8(const char *bytes, size_t length)
{
    utf8proc_int32_t code;
    for (size_t i = 0; i < length;) {
        i += next(bytes + i, length - i, &code);
        if (code < 0) return false;
    }
    return true;
}

size_t text_length(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        if (((unsigned char)*text & 0xC0) != 0x80) count++;
    return count;
}

bool text_has_control(const char *text, enum text_lines lines)
{
    utf8proc_int32_t code;
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        i += next(text + i, length - i, &code);
        if (lines == TEXT_MANY_LINES && (code == '\n' || code == '\r')) continue;
        if (code >= 0 && is_control(code)) return true;
    }
    return false;
}

bool text_has_white_space(const char *text)
{
    utf8proc_int32_t code;
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        i += next(text + i, length - i, &code);
        if (is_white_space(code)) return true;
    }
    return false;
}

/* NFKC_Casefold of plain ASCII needs no table. NULL when the text is more than that. */
static char *fold_ascii(const char *text)
{
    size_t length = strlen(text);
    char *folded = malloc(length + 1);
    if (folded == NULL) return NULL;
    for (size_t i = 0; i <= length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x80) {
            free(folded);
            return NULL;
        }
        folded[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    return folded;
}

/* In place: the result is never longer. */
static void collapse_white_space(char *text)
{
    utf8proc_int32_t code;
    size_t length = strlen(text), kept = 0;
    bool gap = false;
    for (size_t i = 0; i < length;) {
        size_t taken = next(text + i, length - i, &code);
        if (is_white_space(code)) {
            gap = true;
        } else {
            if (gap && kept > 0) text[kept++] = ' ';
            gap = false;
            memmove(text + kept, text + i, taken);
            kept += taken;
        }
        i += taken;
    }
    text[kept] = '\0';
}

char *text_fold(const char *text)
{
    char *folded = fold_ascii(text);
    if (folded == NULL) folded = (char *)utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)text);
    if (folded != NULL) collapse_white_space(folded);
    return folded;
}

/* As text_fold would have it, but read no further than the first character that it keeps. */
bool text_is_blank(const char *text)
{
    utf8proc_int32_t code;
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        i += next(text + i, length - i, &code);
        if (code < 0) return false;
        if (!is_white_space(code) && !utf8proc_get_property(code)->ignorable) return false;
    }
    return true;
}

/* As terminals count (wcwidth of the C library), where utf8proc counts otherwise: marks that take
 * space have a column, the vowels and finals that Hangul syllables are composed of have none. */
static int width_of(utf8proc_int32_t code)
{
    if (is_control(code)) return 0;
    if (code < 0x80) return 1;
    if ((code >= 0x1160 && code <= 0x11FF) || (code >= 0xD7B0 && code <= 0xD7FF)) return 0;
    if (utf8proc_category(code) == UTF8PROC_CATEGORY_MC) return 1;
    return utf8proc_charwidth(code);
}

size_t text_width(const char *text)
{
    utf8proc_int32_t code;
    size_t length = strlen(text), columns = 0;
    for (size_t i = 0; i < length;) {
        i += next(text + i, length - i, &code);
        int width = code < 0 ? 1 : width_of(code);
        if (width > 0) columns += (size_t)width;
    }
    return columns;
}

/* Writes the next code point, made safe, at `out`; returns its bytes there and adds to *taken. */
static size_t put_safe(const char *bytes, size_t length, enum text_lines lines, char *out,
                       size_t *taken)
{
    utf8proc_int32_t code;
    size_t size = next(bytes, length, &code);
    *taken += size;
    if (lines == TEXT_MANY_LINES && (code == '\n' || code == '\r')) {
        if (code == '\r' && length > 1 && bytes[1] == '\n') (*taken)++;
        *out = '\n';
        return 1;
    }
    if (code < 0 || is_in(UNSAFE, COUNT(UNSAFE), code)) {
        memcpy(out, REPLACEMENT, REPLACEMENT_SIZE);
        return REPLACEMENT_SIZE;
    }
    memcpy(out, bytes, size);
    return size;
}

char *text_safe(const char *bytes, size_t length, enum text_lines lines)
{
    if (length > (SIZE_MAX - 1) / REPLACEMENT_SIZE) return NULL;
    char *safe = malloc(length * REPLACEMENT_SIZE + 1);
    if (safe == NULL) return NULL;
    size_t size = 0;
    for (size_t i = 0; i < length;)
        size += put_safe(bytes + i, length - i, lines, safe + size, &i);
    safe[size] = '\0';
    char *fitted = realloc(safe, size + 1);
    return fitted != NULL ? fitted : safe;
}

void text_excerpt(const char *text, char out[TEXT_EXCERPT_SIZE])
{
    size_t length = strlen(text), size = 0, i = 0;
    for (size_t count = 0; i < length && count < TEXT_EXCERPT_MAX; count++)
        size += put_safe(text + i, length - i, TEXT_ONE_LINE, out + size, &i);
    memcpy(out + size, i < length ? ELLIPSIS : "", i < length ? sizeof ELLIPSIS : 1);
}
