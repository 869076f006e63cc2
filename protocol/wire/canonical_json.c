#include "protocol/wire/canonical_json.h"

#include "protocol/wire/buffer.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOUBLE_DIGITS_MAX 17 /* what any double needs to be read back */
#define NUMBER_SIZE       32
#define MEMBERS_ON_STACK  16

struct member {
    const char *name;
    const json_t *value;
};

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

static void put_number(struct buffer *out, double value)
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

/* UTF-8 sorts as UTF-16 does but for one thing: surrogates come before U+E000 to U+FFFF. */
static int compare_utf16(const void *left, const void *right)
{
    const unsigned char *a = (const unsigned char *)((const struct member *)left)->name;
    const unsigned char *b = (const unsigned char *)((const struct member *)right)->name;
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    bool a_is_pair = *a >= 0xF0, b_is_pair = *b >= 0xF0;
    if (*a >= 0xEE && *b >= 0xEE && a_is_pair != b_is_pair) return a_is_pair ? -1 : 1;
    return *a - *b;
}

static void put_value(struct buffer *out, const json_t *value, const char *except);

/* jansson's iterators take no const pointer, though they change nothing. */
static json_t *without_const(const json_t *value)
{
    return (json_t *)(uintptr_t)value;
}

static size_t sort_members(const json_t *object, const char *except, struct member *members)
{
    size_t count = 0;
    json_t *all = without_const(object);
    for (void *at = json_object_iter(all); at != NULL; at = json_object_iter_next(all, at)) {
        const char *name = json_object_iter_key(at);
        if (except == NULL || strcmp(name, except) != 0)
            members[count++] = (struct member){name, json_object_iter_value(at)};
    }
    qsort(members, count, sizeof *members, compare_utf16);
    return count;
}

static void put_object(struct buffer *out, const json_t *object, const char *except)
{
    struct member few[MEMBERS_ON_STACK];
    size_t size = json_object_size(object);
    struct member *members = size <= MEMBERS_ON_STACK ? few : malloc(size * sizeof *members);
    if (members == NULL) {
        out->failed = true;
        return;
    }
    size_t count = sort_members(object, except, members);
    buffer_append(out, "{", 1);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buffer_append(out, ",", 1);
        buffer_string(out, members[i].name, strlen(members[i].name));
        buffer_append(out, ":", 1);
        put_value(out, members[i].value, NULL);
    }
    buffer_append(out, "}", 1);
    if (members != few) free(members);
}

static void put_array(struct buffer *out, const json_t *array)
{
    buffer_append(out, "[", 1);
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0) buffer_append(out, ",", 1);
        put_value(out, json_array_get(array, i), NULL);
    }
    buffer_append(out, "]", 1);
}

static void put_value(struct buffer *out, const json_t *value, const char *except)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        put_object(out, value, except);
        break;
    case JSON_ARRAY:
        put_array(out, value);
        break;
    case JSON_STRING:
        buffer_string(out, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        put_number(out, json_number_value(value));
        break;
    case JSON_TRUE:
        buffer_text(out, "true");
        break;
    case JSON_FALSE:
        buffer_text(out, "false");
        break;
    case JSON_NULL:
        buffer_text(out, "null");
        break;
    }
}

char *canonical_json(const json_t *value, const char *except)
{
    struct buffer out = {0};
    buffer_reserve(&out, 1024);
    put_value(&out, value, except);
    buffer_append(&out, "", 1);
    if (!out.failed) return out.bytes;
    buffer_clear(&out);
    return NULL;
}
