/* ISO 4217 currencies and their minor units. */
#ifndef INVONCE_WIRE_CURRENCY_H
#define INVONCE_WIRE_CURRENCY_H

#define CURRENCY_MINOR_DIGITS_MAX 4

/* Digits of the currency's minor unit (0 JPY, 2 EUR, 3 KWD, 4 CLF), or -1 when `code` is not the
 * upper-case alphabetic code of a currency that has one. */
int currency_minor_digits(const char *code);

#endif
