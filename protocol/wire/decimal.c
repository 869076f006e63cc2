#include "protocol/wire/decimal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* 128 bits hold every intermediate result: a product of two coefficients is under 10^30, and no
 * scale here is moved by more than 15 digits beyond what the product already has. */
__extension__ typedef __int128 wide;

static const int64_t UNITS_LIMIT = INT64_C(1000000000000000); /* 10^DECIMAL_DIGITS_MAX */

static wide power_of_ten(unsigned exponent)
{
    assert(exponent <= 2 * DECIMAL_DIGITS_MAX + 2); /* and 128 bits hold 38 digits */
    wide power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether `text` (past its sign) has the form, and where its digits are. */
static bool has_form(const char *text, size_t *whole, size_t *decimals)
{
    size_t i = 0;
    while (is_digit(text[i]))
        i++;
    *whole = i;
    *decimals = 0;
    if (i == 0 || (i > 1 && text[0] == '0')) return false;
    if (text[i] == '\0') return true;
    if (text[i] != '.') return false;
    const char *point = text + i;
    while (is_digit(point[1 + *decimals]))
        (*decimals)++;
    return *decimals > 0 && point[1 + *decimals] == '\0';
}

enum decimal_status decimal_parse(const char *text, struct decimal *out)
{
    bool negative = text[0] == '-';
    const char *digits = text + negative;
    size_t whole, decimals;
    if (!has_form(digits, &whole, &decimals)) return DECIMAL_MALFORMED;
    if (digits[0] == '0') { /* the zero before the point is no digit of the coefficient */
        whole = 0;
        digits++;
    }
    if (whole > DECIMAL_DIGITS_MAX || decimals > DECIMAL_DIGITS_MAX - whole)
        return DECIMAL_TOO_LONG;
    int64_t coefficient = 0;
    for (; *digits != '\0'; digits++)
        if (*digits != '.') coefficient = coefficient * 10 + (*digits - '0');
    *out = (struct decimal){negative ? -coefficient : coefficient, (unsigned)decimals};
    return DECIMAL_OK;
}

int decimal_compare(struct decimal a, struct decimal b)
{
    wide left = a.coefficient, right = b.coefficient;
    if (a.scale < b.scale)
        left *= power_of_ten(b.scale - a.scale);
    else
        right *= power_of_ten(a.scale - b.scale);
    return (left > right) - (left < right);
}

static bool to_units(wide value, int64_t *units)
{
    if (value <= -(wide)UNITS_LIMIT || value >= UNITS_LIMIT) return false;
    *units = (int64_t)value;
    return true;
}

/* `value` is of scale `from`; the result of scale `to`, rounded half away from zero. */
static wide rescale(wide value, unsigned from, unsigned to)
{
    if (from <= to) return value * power_of_ten(to - from);
    wide divisor = power_of_ten(from - to);
    wide half = divisor / 2;
    return (value < 0 ? value - half : value + half) / divisor;
}

bool decimal_multiply(struct decimal a, struct decimal b, unsigned scale, int64_t *units)
{
    wide product = (wide)a.coefficient * b.coefficient;
    return to_units(rescale(product, a.scale + b.scale, scale), units);
}

bool decimal_percent(int64_t units, struct decimal rate, int64_t *result)
{
    wide product = (wide)units * rate.coefficient;
    return to_units(rescale(product, rate.scale + 2, 0), result);
}

bool decimal_accumulate(int64_t *sum, int64_t term)
{
    return to_units((wide)*sum + term, sum);
}

void decimal_format(int64_t units, unsigned scale, char text[DECIMAL_TEXT_MAX])
{
    const char *sign = units < 0 ? "-" : "";
    uint64_t magnitude = units < 0 ? -(uint64_t)units : (uint64_t)units;
    if (scale == 0) {
        snprintf(text, DECIMAL_TEXT_MAX, "%s%" PRIu64, sign, magnitude);
        return;
    }
    uint64_t unit = (uint64_t)power_of_ten(scale);
    int size = snprintf(text, DECIMAL_TEXT_MAX, "%s%" PRIu64 ".%0*" PRIu64, sign, magnitude / unit,
                        (int)scale, magnitude % unit);
    assert(size > 0 && size < DECIMAL_TEXT_MAX);
}
