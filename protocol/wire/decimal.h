/* Exact decimals. An amount is an integer coefficient and a power of ten; no floating point. */
#ifndef INVONCE_WIRE_DECIMAL_H
#define INVONCE_WIRE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#define DECIMAL_DIGITS_MAX 15 /* significant digits of any amount */
#define DECIMAL_TEXT_MAX   24 /* bytes of a formatted amount, with its NUL */

/* coefficient x 10^-scale; |coefficient| < 10^DECIMAL_DIGITS_MAX. "1.50" is {150, 2}. */
struct decimal {
    int64_t coefficient;
    unsigned scale;
};

enum decimal_status {
    DECIMAL_OK,
    DECIMAL_MALFORMED, /* not -?(0|[1-9][0-9]*)(\.[0-9]+)? */
    DECIMAL_TOO_LONG,  /* more than DECIMAL_DIGITS_MAX digits */
};

/* Reads all of `text`. Trailing zeros count as decimals: the scale is as typed. */
enum decimal_status decimal_parse(const char *text, struct decimal *out);

/* <0, 0, >0 as a is less than, equal to or greater than b in value: 21 equals 21.00. */
int decimal_compare(struct decimal a, struct decimal b);

/* a x b in units of 10^-scale, rounded half away from zero (EN 16931 line net, BT-131).
 * False when the result has more than DECIMAL_DIGITS_MAX digits. */
bool decimal_multiply(struct decimal a, struct decimal b, unsigned scale, int64_t *units);

/* `rate` per cent of `units`, in the same units, rounded half away from zero (BT-117).
 * False when the result has more than DECIMAL_DIGITS_MAX digits. */
bool decimal_percent(int64_t units, struct decimal rate, int64_t *result);

/* Adds `term` to `*sum`. False, leaving *sum as it was, past DECIMAL_DIGITS_MAX digits. */
bool decimal_accumulate(int64_t *sum, int64_t term);

/* Writes `units` of 10^-scale as text: (12345, 2) is "123.45", (-5, 2) is "-0.05". */
void decimal_format(int64_t units, unsigned scale, char text[DECIMAL_TEXT_MAX]);

#endif
