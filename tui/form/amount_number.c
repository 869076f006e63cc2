#include "tui/form/amount_number.h"

#include <stddef.h>
#include <string.h>

#define GROUP_DIGITS 3

static size_t count(const char *text, char character)
{
    size_t found = 0;
    for (; *text; text++)
        found += *text == character;
    return found;
}

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* "1", "1.234", "12.345.678": what is before the decimal separator, `parts` between its groups
 * (0: it has none). */
static bool is_grouped(const char *text, size_t length, char parts)
{
    size_t first = digits_at(text);
    if (first >= length) return true;
    if (first < 1 || first > GROUP_DIGITS || text[0] == '0') return false;
    for (size_t at = first; at < length; at += 1 + GROUP_DIGITS)
        if (!parts || text[at] != parts || digits_at(text + at + 1) < GROUP_DIGITS ||
            at + 1 + GROUP_DIGITS > length)
            return false;
    return true;
}

/* What is before the decimal separator and behind it, as the strict spelling has them. */
static bool write_strictly(const char *written, size_t whole, char parts,
                           char strict[AMOUNT_NUMBER_MAX + 2])
{
    const char *fraction = written[whole] ? written + whole + 1 : "";
    size_t decimals = digits_at(fraction), used = 0;
    if (!is_grouped(written, whole, parts) || fraction[decimals] != '\0') return false;
    if (whole == 0 && decimals == 0) return false;
    for (size_t i = 0; i < whole; i++) {
        bool is_zero_in_front = used == 0 && written[i] == '0';
        if (written[i] != parts && !is_zero_in_front) strict[used++] = written[i];
    }
    if (used == 0) strict[used++] = '0';
    if (decimals > 0) strict[used++] = '.';
    memcpy(strict + used, fraction, decimals + 1);
    return true;
}

/* "1,234": one to three digits, the first of them not 0, and three more. */
static bool may_part(const char *written, size_t at)
{
    return at >= 1 && at <= GROUP_DIGITS && written[0] != '0' &&
           strlen(written + at + 1) == GROUP_DIGITS;
}

/* Which one is the decimal separator, and which parts thousands; 0: none. */
struct separators {
    char decimal, parts;
};

/* False: they are mixed in a way that nobody writes. */
static bool tell_apart(const char *written, struct separators *separators)
{
    const char *point = strrchr(written, '.'), *comma = strrchr(written, ',');
    const char blank = strchr(written, ' ') ? ' ' : strchr(written, '\'') ? '\'' : '\0';
    if (blank == ' ' && strchr(written, '\'')) return false;
    *separators = (struct separators){.parts = blank};
    if (!point && !comma) return true;
    if (point && comma) {
        char last = point > comma ? '.' : ',';
        *separators = (struct separators){last, last == '.' ? ',' : '.'};
        return !blank && count(written, last) == 1;
    }
    char only = point ? '.' : ',';
    bool alone = count(written, only) == 1;
    if (alone)
        separators->decimal = only;
    else
        separators->parts = only;
    return alone || !blank;
}

enum amount_number amount_number_read(const char *written, bool point_parts, bool whole,
                                      char strict[AMOUNT_NUMBER_MAX + 2])
{
    struct separators separators;
    if (strlen(written) > AMOUNT_NUMBER_MAX || !tell_apart(written, &separators))
        return AMOUNT_NUMBER_NONE;
    const char *mark = separators.decimal ? strchr(written, separators.decimal) : NULL;
    bool lone = mark && !separators.parts && (separators.decimal == ',' || point_parts);
    bool twofold = lone && may_part(written, (size_t)(mark - written));
    if (twofold && whole) {
        separators.parts = separators.decimal;
        mark = NULL;
    }
    size_t length = mark ? (size_t)(mark - written) : strlen(written);
    if (!write_strictly(written, length, separators.parts, strict)) return AMOUNT_NUMBER_NONE;
    return twofold ? AMOUNT_NUMBER_TWOFOLD : AMOUNT_NUMBER_READ;
}
