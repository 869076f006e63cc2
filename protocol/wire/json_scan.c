#include "protocol/wire/json_scan.h"

#include "protocol/wire/message.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_AT_FIRST  64
#define FEW_NAMES       12 /* each looked for among the others, rather than all sorted */
#define NOT_JSON        N_("It is not JSON (RFC 8259): check quotes, commas and numbers")
#define NUMBER_SURE_MAX 256 /* bytes of a number without an exponent: never too large */

/* A member's name as it is written, between its quotes. */
struct name {
    const char *at;
    size_t length;
    bool has_escapes;
};

struct scan {
    const char *at, *end;
    const char *fault;
    const char *fault_at;
    int depth;
    struct name *names; /* of the objects that are open, the innermost last */
    size_t name_count, name_capacity;
    struct name first_names[NAMES_AT_FIRST];
};

/* The first fault is the one that is told. Always false. */
static bool refuse(struct scan *scan, const char *at, const char *sentence)
{
    if (scan->fault == NULL) {
        scan->fault = sentence;
        scan->fault_at = at;
    }
    return false;
}

/* Something else stands here than what JSON wants: or nothing at all, or no UTF-8. */
static size_t utf8_length(const char *at, const char *end);
static bool refuse_here(struct scan *scan)
{
    if (scan->at == scan->end) return refuse(scan, scan->at, N_("It ends too early"));
    if (utf8_length(scan->at, scan->end) == 0)
        return refuse(scan, scan->at, N_("It holds bytes that are not UTF-8"));
    return refuse(scan, scan->at, NOT_JSON);
}

/* --- texts --- */

/* Bytes of the UTF-8 character there (RFC 3629: no surrogates, none longer than it must be); 0: it
 * isn't one. */
static size_t utf8_length(const char *at, const char *end)
{
    static const struct {
        unsigned char first, last, second_min, second_max;
        unsigned char length;
    } ROWS[] = {
        {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    const unsigned char *bytes = (const unsigned char *)at;
    size_t left = (size_t)(end - at);
    for (size_t row = 0; row < sizeof ROWS / sizeof ROWS[0]; row++) {
        if (bytes[0] < ROWS[row].first || bytes[0] > ROWS[row].last) continue;
        if (ROWS[row].length == 1) return 1;
        if (left < ROWS[row].length) return 0;
        if (bytes[1] < ROWS[row].second_min || bytes[1] > ROWS[row].second_max) return 0;
        for (size_t i = 2; i < ROWS[row].length; i++)
            if ((bytes[i] & 0xC0) != 0x80) return 0;
        return ROWS[row].length;
    }
    return 0;
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
    return -1;
}

/* The value of \uXXXX there; -1: it isn't one. */
static int32_t escaped_unit(const char *at, const char *end)
{
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') return -1;
    int32_t unit = 0;
    for (int i = 2; i < 6; i++) {
        int digit = hex_value(at[i]);
        if (digit < 0) return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool is_high_surrogate(int32_t unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

static bool is_low_surrogate(int32_t unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/* An escape that is none, told where it begins: unless the bytes end in it, or are no UTF-8. */
static bool refuse_escape(struct scan *scan, const char *past)
{
    if (past == scan->end || utf8_length(past, scan->end) == 0) scan->at = past;
    return refuse_here(scan);
}

static bool refuse_unicode_escape(struct scan *scan)
{
    const char *past = scan->at + 2;
    while (past < scan->end && hex_value(*past) >= 0)
        past++;
    return refuse_escape(scan, past);
}

static bool scan_unicode_escape(struct scan *scan)
{
    int32_t unit = escaped_unit(scan->at, scan->end);
    if (unit < 0) return refuse_unicode_escape(scan);
    if (unit == 0)
        return refuse(scan, scan->at, N_("The character U+0000 is not allowed in a text"));
    size_t length = 6;
    if (is_high_surrogate(unit) && is_low_surrogate(escaped_unit(scan->at + 6, scan->end)))
        length = 12;
    else if (is_high_surrogate(unit) || is_low_surrogate(unit))
        return refuse(scan, scan->at,
                      N_("A surrogate (\\uD800 to \\uDFFF) stands without its other half"));
    scan->at += length;
    return true;
}

static bool scan_escape(struct scan *scan)
{
    char kind = scan->end - scan->at < 2 ? '\0' : scan->at[1];
    if (kind == 'u') return scan_unicode_escape(scan);
    if (kind == '\0' || strchr("\"\\/bfnrt", kind) == NULL)
        return refuse_escape(scan, scan->at + 1);
    scan->at += 2;
    return true;
}

/* From the opening quote to past the closing one; *name is what is between. */
static bool scan_text(struct scan *scan, struct name *name)
{
    scan->at++;
    *name = (struct name){.at = scan->at};
    while (scan->at < scan->end && *scan->at != '"') {
        unsigned char byte = (unsigned char)*scan->at;
        if (byte == '\\') {
            name->has_escapes = true;
            if (!scan_escape(scan)) return false;
        } else if (byte >= 0x20 && byte < 0x80) {
            scan->at++;
        } else {
            size_t length = byte < 0x20 ? 0 : utf8_length(scan->at, scan->end);
            if (length == 0) return refuse_here(scan);
            scan->at += length;
        }
    }
    if (scan->at == scan->end) return refuse_here(scan);
    name->length = (size_t)(scan->at - name->at);
    scan->at++;
    return true;
}

/* --- members' names --- */

/* The next character of a name that was scanned, its escape undone; -1 at its end. */
static int32_t next_character(const char **at, const char *end)
{
    static const char ESCAPES[] = "\"\\/bfnrt", MEANT[] = "\"\\/\b\f\n\r\t";
    if (*at == end) return -1;
    const unsigned char *bytes = (const unsigned char *)*at;
    if (bytes[0] == '\\' && bytes[1] != 'u') {
        *at += 2;
        return MEANT[strchr(ESCAPES, bytes[1]) - ESCAPES];
    }
    if (bytes[0] == '\\') {
        int32_t unit = escaped_unit(*at, end);
        *at += 6;
        if (!is_high_surrogate(unit)) return unit;
        int32_t low = escaped_unit(*at, end);
        *at += 6;
        return 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
    }
    size_t length = utf8_length(*at, end);
    int32_t character = length == 1 ? bytes[0] : bytes[0] & (0x7F >> length);
    for (size_t i = 1; i < length; i++)
        character = character * 64 + (bytes[i] & 0x3F);
    *at += length;
    return character;
}

/* By code points, which is how the bytes of UTF-8 sort too. */
static int compare_names(const void *left, const void *right)
{
    const struct name *a = left, *b = right;
    if (!a->has_escapes && !b->has_escapes) {
        size_t shorter = a->length < b->length ? a->length : b->length;
        int order = memcmp(a->at, b->at, shorter);
        return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
    }
    const char *in_a = a->at, *in_b = b->at;
    int32_t from_a, from_b;
    do {
        from_a = next_character(&in_a, a->at + a->length);
        from_b = next_character(&in_b, b->at + b->length);
    } while (from_a == from_b && from_a >= 0);
    return (from_a > from_b) - (from_a < from_b);
}

static bool keep_name(struct scan *scan, const struct name *name)
{
    if (scan->name_count == scan->name_capacity) {
        size_t capacity = scan->name_capacity * 2;
        struct name *kept = scan->names == scan->first_names ? NULL : scan->names;
        struct name *more = reallocarray(kept, capacity, sizeof *more);
        if (more == NULL)
            return refuse(scan, scan->at, N_("There is not enough memory to read it"));
        if (kept == NULL) memcpy(more, scan->first_names, sizeof scan->first_names);
        scan->names = more;
        scan->name_capacity = capacity;
    }
    scan->names[scan->name_count++] = *name;
    return true;
}

static bool refuse_twice(struct scan *scan, const struct name *one, const struct name *other)
{
    const char *second = one->at > other->at ? one->at : other->at;
    return refuse(scan, second - 1, /* its quote */
                  N_("A member is there twice; leave one of the two"));
}

/* The names from the first-th on are those of an object that ends here. Sorted, where they are
 * many: then no choice of names makes this slow. */
static bool names_differ(struct scan *scan, size_t first)
{
    struct name *names = scan->names + first;
    assert(first <= scan->name_count);
    size_t count = scan->name_count - first;
    scan->name_count = first;
    if (count > FEW_NAMES) {
        qsort(names, count, sizeof *names, compare_names);
        for (size_t i = 1; i < count; i++)
            if (compare_names(&names[i - 1], &names[i]) == 0)
                return refuse_twice(scan, &names[i - 1], &names[i]);
        return true;
    }
    for (size_t i = 1; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (compare_names(&names[i], &names[j]) == 0)
                return refuse_twice(scan, &names[i], &names[j]);
    return true;
}

/* --- values --- */

static void skip_blanks(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

static bool stands(const struct scan *scan, char byte)
{
    return scan->at < scan->end && *scan->at == byte;
}

static bool take(struct scan *scan, char byte)
{
    if (!stands(scan, byte)) return false;
    scan->at++;
    return true;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* One digit or more. */
static bool scan_digits(struct scan *scan)
{
    const char *begin = scan->at;
    while (scan->at < scan->end && is_digit(*scan->at))
        scan->at++;
    return scan->at > begin ? true : refuse_here(scan);
}

/* A double has to hold it. */
static bool is_finite(struct scan *scan, const char *begin)
{
    size_t length = (size_t)(scan->at - begin);
    if (length < NUMBER_SURE_MAX && memchr(begin, 'e', length) == NULL &&
        memchr(begin, 'E', length) == NULL)
        return true;
    char *text = strndup(begin, length);
    if (text == NULL) return refuse(scan, begin, N_("There is not enough memory to read it"));
    bool finite = isfinite(strtod(text, NULL));
    free(text);
    return finite ? true : refuse(scan, begin, N_("A number is too large"));
}

static bool scan_number(struct scan *scan)
{
    const char *begin = scan->at;
    take(scan, '-');
    if (take(scan, '0')) {
        if (scan->at < scan->end && is_digit(*scan->at)) return refuse(scan, begin, NOT_JSON);
    } else if (!scan_digits(scan)) {
        return false;
    }
    if (take(scan, '.') && !scan_digits(scan)) return false;
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+')) take(scan, '-');
        if (!scan_digits(scan)) return false;
    }
    return is_finite(scan, begin);
}

static bool scan_word(struct scan *scan, const char *word)
{
    while (*word != '\0')
        if (!take(scan, *word++)) return refuse_here(scan);
    return true;
}

static bool scan_value(struct scan *scan);

static bool scan_members(struct scan *scan)
{
    size_t first = scan->name_count;
    do {
        struct name name;
        skip_blanks(scan);
        if (!stands(scan, '"')) return refuse_here(scan);
        if (!scan_text(scan, &name) || !keep_name(scan, &name)) return false;
        skip_blanks(scan);
        if (!take(scan, ':')) return refuse_here(scan);
        if (!scan_value(scan)) return false;
        skip_blanks(scan);
    } while (take(scan, ','));
    return names_differ(scan, first);
}

static bool scan_items(struct scan *scan)
{
    do {
        if (!scan_value(scan)) return false;
        skip_blanks(scan);
    } while (take(scan, ','));
    return true;
}

static bool scan_nested(struct scan *scan, char closing, bool (*scan_inside)(struct scan *))
{
    if (++scan->depth > JSON_DEPTH_MAX)
        return refuse(scan, scan->at, N_("It is nested too deeply"));
    scan->at++;
    skip_blanks(scan);
    if (!stands(scan, closing) && !scan_inside(scan)) return false;
    if (!take(scan, closing)) return refuse_here(scan);
    scan->depth--;
    return true;
}

static bool scan_value(struct scan *scan)
{
    struct name text;
    skip_blanks(scan);
    switch (scan->at < scan->end ? *scan->at : '\0') {
    case '{':
        return scan_nested(scan, '}', scan_members);
    case '[':
        return scan_nested(scan, ']', scan_items);
    case '"':
        return scan_text(scan, &text);
    case 't':
        return scan_word(scan, "true");
    case 'f':
        return scan_word(scan, "false");
    case 'n':
        return scan_word(scan, "null");
    default:
        return scan_number(scan);
    }
}

static bool scan_all(struct scan *scan)
{
    static const char BOM[] = "\xEF\xBB\xBF";
    if (scan->end - scan->at >= 3 && memcmp(scan->at, BOM, 3) == 0)
        return refuse(scan, scan->at, N_("It begins with a byte order mark; leave that out"));
    if (!scan_value(scan)) return false;
    skip_blanks(scan);
    if (scan->at == scan->end) return true;
    if (utf8_length(scan->at, scan->end) == 0) return refuse_here(scan);
    return refuse(scan, scan->at, N_("Something follows the JSON value; send one value alone"));
}

const char *json_scan(const char *bytes, size_t length, size_t *at)
{
    struct scan scan;
    scan.at = bytes;
    scan.end = bytes + length;
    scan.fault = scan.fault_at = NULL;
    scan.depth = 0;
    scan.names = scan.first_names;
    scan.name_count = 0;
    scan.name_capacity = NAMES_AT_FIRST;
    scan_all(&scan);
    assert(scan.at >= bytes && scan.at <= scan.end);
    assert(scan.fault != NULL || (scan.at == scan.end && scan.depth == 0 && scan.name_count == 0));
    if (scan.names != scan.first_names) free(scan.names);
    *at = scan.fault != NULL ? (size_t)(scan.fault_at - bytes) : length;
    return scan.fault;
}
