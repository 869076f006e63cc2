/* The signs that people write beside amounts: "€", "R$", "USD". Pure. */
#ifndef INVONCE_TUI_CURRENCY_SIGN_H
#define INVONCE_TUI_CURRENCY_SIGN_H

#include <stdbool.h>

enum currency_sign {
    CURRENCY_SIGN_NONE, /* it is none */
    CURRENCY_SIGN_OF,   /* of that currency, or maybe of it: many have "$" */
    CURRENCY_SIGN_OTHER,
};

/* Whether `sign` (UTF-8, or a code of ISO 4217) is of the currency with that code; "": of any. */
enum currency_sign currency_sign_read(const char *sign, const char *currency);

#endif
