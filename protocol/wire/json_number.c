#include "protocol/wire/json_number.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define DOUBLE_DIGITS_MAX 17 /* what any double needs to be read back */
#define NUMBER_SIZE       32

/* Whether digits x 10^exponent reads back as `value`. No decimal point, so no locale. */
static bool reads_back(uint64_t digits, int exponent, double value)
{
    char text[NUMBER_SIZE];
    snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, exponent);
    return strtod(text, NULL) == value;
}

/* The first `count` significant digits of `value`, correctly rounded, as digits x 10^exponent. */
static uint64_t round_to_digits(double value, int count, int *exponent)
{
    char text[NUMBER_SIZE];
    snprintf(text, sizeof text, "%.*e", count - 1, value);
    uint64_t digits = 0;
    const char *c = text;
    for (; *c != 'e'; c++)
        if (*c >= '0' && *c <= '9') digits = digits * 10 + (uint64_t)(*c - '0');
    *exponent = (int)strtol(c + 1, NULL, 10) - (count - 1);
    return digits;
}

/* How many decimal digits a double of this size keeps: texts of no more digits that read as the
 * same double are the same number. 15, or fewer below DBL_MIN. */
static int digits_kept(double value)
{
    int exponent;
    frexp(value, &exponent);
    int bits = exponent - (DBL_MIN_EXP - DBL_MANT_DIG);
    if (bits > DBL_MANT_DIG) bits = DBL_MANT_DIG;
    int digits = (bits - 1) * 30103 / 100000; /* log10(2) */
    return digits > 1 ? digits : 1;
}

/* The fewest digits that read back as `value`, the nearest of those, but for zeros at the end. With
 * the digits kept there is one candidate, however few it needs; with more there can be several.
 * Just above a power of two the double below is closer than the one above, and then the next number
 * up can be the only one of its length. */
static uint64_t shortest_digits(double value, int *exponent)
{
    for (int count = digits_kept(value); count < DOUBLE_DIGITS_MAX; count++) {
        uint64_t digits = round_to_digits(value, count, exponent);
        if (reads_back(digits, *exponent, value)) return digits;
        if (reads_back(digits + 1, *exponent, value)) return digits + 1;
    }
    return round_to_digits(value, DOUBLE_DIGITS_MAX, exponent);
}

/* ECMA-262 Number::toString for a positive number; `point` is its n, `digits` its s. */
static void put_positive(struct buffer *out, const char *digits, int count, int point)
{
    char text[NUMBER_SIZE];
    assert(count >= 1 && count <= DOUBLE_DIGITS_MAX && digits[0] != '0');
    if (point > 21 || point <= -6) {
        int exponent = point - 1;
        buffer_append(out, digits, 1);
        if (count > 1) buffer_append(out, ".", 1);
        buffer_append(out, digits + 1, (size_t)count - 1);
        int size = snprintf(text, sizeof text, "e%c%d", exponent < 0 ? '-' : '+', abs(exponent));
        buffer_append(out, text, (size_t)size);
    } else if (point <= 0) {
        buffer_append(out, "0.00000", (size_t)(2 - point));
        buffer_append(out, digits, (size_t)count);
    } else if (point < count) {
        buffer_append(out, digits, (size_t)point);
        buffer_append(out, ".", 1);
        buffer_append(out, digits + point, (size_t)(count - point));
    } else {
        buffer_append(out, digits, (size_t)count);
        buffer_append(out, "00000000000000000000", (size_t)(point - count));
    }
}

void buffer_json_number(struct buffer *out, double value)
{
    if (!isfinite(value)) { /* no JSON text makes one */
        out->failed = true;
        return;
    }
    if (value == 0) {
        buffer_append(out, "0", 1);
        return;
    }
    if (value < 0) buffer_append(out, "-", 1);
    int exponent;
    uint64_t digits = shortest_digits(fabs(value), &exponent);
    while (digits % 10 == 0) {
        digits /= 10;
        exponent++;
    }
    char text[NUMBER_SIZE];
    int count = snprintf(text, sizeof text, "%llu", (unsigned long long)digits);
    put_positive(out, text, count, count + exponent);
}
