#include "tui/form/amount_entry.h"

#include "protocol/wire/decimal.h"
#include "protocol/wire/text.h"
#include "tui/form/amount_number.h"
#include "tui/form/currency_sign.h"
#include "tui/form/plain_character.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <utf8proc.h>

#define SIGN_SIZE 16 /* bytes of the longest run of letters that is looked up */
#define LETTER    'a'
#define TIMES     0xD7
#define KNOWN     "0123456789.,+-*'% "

static_assert(AMOUNT_ENTRY_SIZE >= AMOUNT_NUMBER_MAX + 4, "a sign, a number, a zero behind it");
static_assert(AMOUNT_ENTRY_SIZE >= DECIMAL_TEXT_MAX, "what is worked out");

/* How far it is read, how what may be read in two ways is, and what came up. */
struct scan {
    const char *at;
    const struct amount_habits *habits;
    bool whole;
    bool twofold;
    bool point_parts;  /* as the habits have it, or as another number of the sum shows */
    bool shows_so;     /* a number with a decimal comma, or with several points, came up */
    unsigned decimals; /* the most that a number has */
    enum amount_entry trouble;
};

/* The next character: what it stands for in an amount, LETTER where a word or a sign of a currency
 * may be, 0 at the end; and how many bytes it is. */
static char look(const char *at, size_t *bytes)
{
    utf8proc_int32_t character = 0;
    char plain = plain_character(at, bytes);
    if (plain == '\0' || strchr(KNOWN, plain)) return plain;
    utf8proc_iterate((const utf8proc_uint8_t *)at, (utf8proc_ssize_t)*bytes, &character);
    utf8proc_category_t category = utf8proc_category(character);
    bool letter = category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL ||
                  category == UTF8PROC_CATEGORY_SC;
    if (letter) return LETTER;
    return character == TIMES ? '*' : PLAIN_NONE;
}

static bool take(struct scan *scan, char wanted)
{
    size_t bytes;
    if (look(scan->at, &bytes) != wanted || bytes == 0) return false;
    scan->at += bytes;
    return true;
}

static void skip_blanks(struct scan *scan)
{
    while (take(scan, ' ')) {
    }
}

/* The run of letters and signs of currencies that comes next; "" for none, or a longer one. */
static size_t run_of_letters(const struct scan *scan, char run[SIGN_SIZE])
{
    size_t length = 0, bytes;
    while (look(scan->at + length, &bytes) == LETTER)
        length += bytes;
    size_t kept = length < SIGN_SIZE ? length : 0;
    memcpy(run, scan->at, kept);
    run[kept] = '\0';
    return length;
}

static bool is_times(const char *run)
{
    return strcmp(run, "x") == 0 || strcmp(run, "X") == 0;
}

/* Passes over the sign of a currency, if one comes. False: it is none, or of another one. */
static bool pass_currency(struct scan *scan)
{
    char run[SIGN_SIZE];
    skip_blanks(scan);
    size_t length = run_of_letters(scan, run);
    if (length == 0 || is_times(run)) return true;
    enum currency_sign sign = currency_sign_read(run, scan->habits->currency);
    if (sign == CURRENCY_SIGN_OTHER) scan->trouble = AMOUNT_ENTRY_OTHER_CURRENCY;
    scan->at += length;
    skip_blanks(scan);
    return sign == CURRENCY_SIGN_OF;
}

/* A blank is in a number where it stands between two digits. */
static bool goes_on(const struct scan *scan, char character, size_t bytes, size_t length)
{
    size_t ignored;
    if (character == ' ') {
        character = look(scan->at + bytes, &ignored);
        return length > 0 && character >= '0' && character <= '9';
    }
    return character && strchr("0123456789.,'", character);
}

static bool read_number(struct scan *scan, char strict[AMOUNT_NUMBER_MAX + 2])
{
    char written[AMOUNT_NUMBER_MAX + 1];
    size_t length = 0, bytes;
    for (char one = look(scan->at, &bytes); goes_on(scan, one, bytes, length);
         one = look(scan->at, &bytes)) {
        if (length == AMOUNT_NUMBER_MAX) return false;
        written[length++] = one;
        scan->at += bytes;
    }
    written[length] = '\0';
    enum amount_number read = amount_number_read(written, scan->point_parts, scan->whole, strict);
    const char *comma = strrchr(written, ',');
    bool decimal_comma = comma && comma == strchr(written, ',') && !strchr(comma, '.');
    bool points_part = strchr(written, '.') != strrchr(written, '.');
    scan->shows_so = scan->shows_so || decimal_comma || points_part;
    scan->twofold = scan->twofold || read == AMOUNT_NUMBER_TWOFOLD;
    return read != AMOUNT_NUMBER_NONE;
}

/* "-12,50 €": the strict spelling, sign and all. */
static bool read_signed(struct scan *scan, char strict[AMOUNT_ENTRY_SIZE])
{
    bool negative = false;
    if (!pass_currency(scan)) return false;
    if (take(scan, '-'))
        negative = true;
    else
        take(scan, '+');
    if (!pass_currency(scan)) return false;
    if (negative) *strict = '-';
    if (!read_number(scan, strict + negative) || !pass_currency(scan)) return false;
    if (scan->habits->percent && take(scan, '%')) skip_blanks(scan);
    return true;
}

/* The same value with no zeros at its end. */
static struct decimal shortened(struct decimal value)
{
    while (value.scale > 0 && value.coefficient % 10 == 0) {
        value.coefficient /= 10;
        value.scale--;
    }
    return value;
}

static bool is_too_long(struct scan *scan)
{
    if (!scan->trouble) scan->trouble = AMOUNT_ENTRY_TOO_LONG;
    return false;
}

static bool rescaled(struct decimal value, unsigned scale, int64_t *units)
{
    return decimal_multiply(value, (struct decimal){1, 0}, scale, units);
}

static bool read_factor(struct scan *scan, struct decimal *value)
{
    char strict[AMOUNT_ENTRY_SIZE];
    if (!read_signed(scan, strict)) return false;
    if (decimal_parse(strict, value) != DECIMAL_OK) return is_too_long(scan);
    if (value->scale > scan->decimals) scan->decimals = value->scale;
    *value = shortened(*value);
    return true;
}

/* "0x10" is no product: programs mean sixteen by it. */
static bool take_times(struct scan *scan, struct decimal product)
{
    char run[SIGN_SIZE];
    if (take(scan, '*')) return true;
    if (run_of_letters(scan, run) != 1 || !is_times(run) || product.coefficient == 0) return false;
    scan->at++;
    return true;
}

static bool read_product(struct scan *scan, struct decimal *product)
{
    struct decimal factor;
    if (!read_factor(scan, product)) return false;
    while (take_times(scan, *product)) {
        if (!read_factor(scan, &factor)) return false;
        unsigned scale = product->scale + factor.scale;
        if (!decimal_multiply(*product, factor, scale, &product->coefficient))
            return is_too_long(scan);
        product->scale = scale;
        *product = shortened(*product);
        if (product->scale > DECIMAL_DIGITS_MAX) return is_too_long(scan);
    }
    return true;
}

static bool add(struct decimal *sum, struct decimal term)
{
    unsigned scale = sum->scale > term.scale ? sum->scale : term.scale;
    int64_t units, more;
    if (!rescaled(*sum, scale, &units) || !rescaled(term, scale, &more)) return false;
    if (!decimal_accumulate(&units, more)) return false;
    *sum = shortened((struct decimal){units, scale});
    return true;
}

static bool read_sum(struct scan *scan, struct decimal *sum)
{
    struct decimal term;
    if (!read_product(scan, sum)) return false;
    for (;;) {
        bool minus = take(scan, '-');
        if (!minus && !take(scan, '+')) return true;
        bool doubled = take(scan, minus ? '-' : '+'); /* a key that was hit twice */
        if (doubled || !read_product(scan, &term)) return false;
        if (minus) term.coefficient = -term.coefficient;
        if (!add(sum, term)) return is_too_long(scan);
    }
}

/* As many decimals as were typed, where there is room for them, and never less than there are. */
static void write_sum(struct decimal sum, unsigned decimals, char strict[AMOUNT_ENTRY_SIZE])
{
    unsigned scale = decimals > sum.scale ? decimals : sum.scale;
    int64_t units;
    if (!rescaled(sum, scale, &units)) {
        scale = sum.scale;
        units = sum.coefficient;
    }
    decimal_format(units, scale, strict);
}

/* A number alone, as long as it is, or else what comes of a sum. */
static bool read_all(struct scan *scan, char strict[AMOUNT_ENTRY_SIZE])
{
    struct scan start = *scan;
    struct decimal sum;
    if (read_signed(scan, strict) && *scan->at == '\0') return true;
    *scan = start;
    if (!read_sum(scan, &sum) || *scan->at != '\0') return false;
    write_sum(sum, scan->decimals, strict);
    return true;
}

/* A reading is to be read in one way when it is typed: "1.234" becomes "1.2340". */
static void make_plain(char strict[AMOUNT_ENTRY_SIZE], const struct amount_habits *habits)
{
    struct scan again = {.at = strict, .habits = habits, .point_parts = habits->point_parts};
    char ignored[AMOUNT_ENTRY_SIZE];
    size_t length = strlen(strict);
    if (!read_all(&again, ignored) || !again.twofold) return;
    strict[length] = '0';
    strict[length + 1] = '\0';
}

/* In one of the two ways. "1.234,56+1.500": who parts thousands with points in one number, or has a
 * decimal comma there, may do so in the other one, too. */
static enum amount_entry read_as(const char *typed, const struct amount_habits *habits, bool whole,
                                 bool *twofold, char strict[AMOUNT_ENTRY_SIZE])
{
    struct scan scan = {.habits = habits, .point_parts = habits->point_parts};
    bool read;
    do {
        scan = (struct scan){.at = typed,
                             .habits = habits,
                             .whole = whole,
                             .point_parts = scan.point_parts || scan.shows_so};
        read = read_all(&scan, strict);
    } while (scan.shows_so && !scan.point_parts);
    *twofold = scan.twofold;
    return read ? AMOUNT_ENTRY_READ : scan.trouble;
}

enum amount_entry amount_entry_read(const char *typed, const struct amount_habits *habits,
                                    char readings[2][AMOUNT_ENTRY_SIZE])
{
    bool twofold;
    if (text_length(typed) > AMOUNT_ENTRY_MAX) return AMOUNT_ENTRY_NONE;
    enum amount_entry read = read_as(typed, habits, false, &twofold, readings[0]);
    if (read != AMOUNT_ENTRY_READ || !twofold) return read;
    read = read_as(typed, habits, true, &twofold, readings[1]);
    if (read != AMOUNT_ENTRY_READ || strcmp(readings[0], readings[1]) == 0) return read;
    make_plain(readings[0], habits);
    return AMOUNT_ENTRY_TWOFOLD;
}
