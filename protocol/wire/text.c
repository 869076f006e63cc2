#include "protocol/wire/text.h"

#include <assert.h>
#include <idn2.h>
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

/* Default_Ignorable_Code_Point (DerivedCoreProperties.txt of Unicode 15.0), assigned or not: what
 * NFKC_Casefold leaves out. utf8proc leaves out the assigned ones alone. */
static const struct range IGNORABLE[] = {
    {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
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

static bool is_ignorable(utf8proc_int32_t code)
{
    return is_in(IGNORABLE, COUNT(IGNORABLE), code);
}

/* What a person, or a word processor, makes of a hyphen. */
static bool is_dash(utf8proc_int32_t code)
{
    return code == 0x2212 || utf8proc_category(code) == UTF8PROC_CATEGORY_PD;
}

static bool is_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text >= 0x80) return false;
    return true;
}

/* NFKC_Casefold of plain ASCII needs no table. NULL when out of memory. */
static char *fold_ascii(const char *text)
{
    char *folded = strdup(text);
    for (char *c = folded; c != NULL && *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z') *c = (char)(*c + ('a' - 'A'));
    return folded;
}

/* In place, as the two below: the result is never longer. */
static void remove_ignorable(char *text)
{
    utf8proc_int32_t code;
    size_t length = strlen(text), kept = 0, taken;
    for (size_t i = 0; i < length; i += taken) {
        taken = next(text + i, length - i, &code);
        if (is_ignorable(code)) continue;
        memmove(text + kept, text + i, taken);
        kept += taken;
    }
    text[kept] = '\0';
}

static void make_dashes_one(char *text)
{
    utf8proc_int32_t code;
    size_t length = strlen(text), kept = 0, taken;
    for (size_t i = 0; i < length; i += taken) {
        taken = next(text + i, length - i, &code);
        memmove(text + kept, is_dash(code) ? "-" : text + i, is_dash(code) ? 1 : taken);
        kept += is_dash(code) ? 1 : taken;
    }
    text[kept] = '\0';
}

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
            assert(kept <= i); /* a gap is a byte at least: nothing unread is written over */
            gap = false;
            memmove(text + kept, text + i, taken);
            kept += taken;
        }
        i += taken;
    }
    text[kept] = '\0';
}

/* Without what is left out first, so that what stands on both sides of it is composed. */
static char *casefold(const char *text)
{
    if (is_ascii(text)) return fold_ascii(text);
    char *shown = strdup(text), *folded = NULL;
    if (shown != NULL) {
        remove_ignorable(shown);
        folded = (char *)utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)shown);
    }
    free(shown);
    return folded;
}

char *text_fold(const char *text)
{
    char *folded = casefold(text);
    if (folded == NULL) return NULL;
    if (!is_ascii(folded)) make_dashes_one(folded);
    collapse_white_space(folded);
    return folded;
}

/* The domain of an address without ignorable characters, in ASCII; NULL: it is that already, there
 * is none, or IDNA doesn't know it. Owned by the caller (idn2_free). */
static char *ascii_domain(const char *address)
{
    const char *at = strrchr(address, '@');
    char *domain = NULL;
    if (at == NULL || is_ascii(at)) return NULL;
    if (idn2_to_ascii_8z(at + 1, &domain, IDN2_NONTRANSITIONAL) != IDN2_OK) return NULL;
    return domain;
}

/* Of the address as it was sent: IDNA keeps some apart that casefolding makes one, such as sharp s
 * and ss. */
static char *fold_address(char *address)
{
    char *domain = ascii_domain(address), *whole = NULL;
    if (domain != NULL) *(strrchr(address, '@') + 1) = '\0';
    char *folded = casefold(address);
    if (folded != NULL && domain != NULL) {
        size_t length = strlen(folded), size = strlen(domain) + 1;
        whole = realloc(folded, length + size);
        if (whole != NULL) memcpy(whole + length, domain, size);
        if (whole == NULL) free(folded);
        folded = whole;
    }
    idn2_free(domain);
    return folded;
}

char *text_fold_email(const char *text)
{
    char *address = strdup(text);
    if (address == NULL) return NULL;
    remove_ignorable(address);
    collapse_white_space(address);
    char *folded = fold_address(address);
    free(address);
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
        if (!is_white_space(code) && !is_ignorable(code)) return false;
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
    assert(size <= length * REPLACEMENT_SIZE);
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
