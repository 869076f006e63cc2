/* Amounts as fingers type them and other programs write them: "12,5", "1.234,56", "€ 120", and
 * "3*12.50+1", worked out exactly. What can be read in two ways isn't guessed. Pure. */
#ifndef INVONCE_TUI_AMOUNT_ENTRY_H
#define INVONCE_TUI_AMOUNT_ENTRY_H

#include <stdbool.h>

#define AMOUNT_ENTRY_MAX  64 /* characters */
#define AMOUNT_ENTRY_SIZE 72 /* of a reading, with its NUL */

/* What the place and the language say of it. */
struct amount_habits {
    const char *currency; /* what a sign beside it must be of; "": of any */
    bool percent;         /* "21 %" is as good as "21" */
    bool point_parts;     /* "1.234" may be a thousand and more, as "1,234" may anywhere */
};

enum amount_entry {
    AMOUNT_ENTRY_NONE,           /* it is no amount */
    AMOUNT_ENTRY_READ,           /* as readings[0] */
    AMOUNT_ENTRY_TWOFOLD,        /* or as readings[1]; either is read in one way alone */
    AMOUNT_ENTRY_TOO_LONG,       /* it comes to more digits than an amount has */
    AMOUNT_ENTRY_OTHER_CURRENCY, /* than the invoice's */
};

/* Readings are in the strict spelling (decimal.h), of a number alone as long as it was typed. */
enum amount_entry amount_entry_read(const char *typed, const struct amount_habits *habits,
                                    char readings[2][AMOUNT_ENTRY_SIZE]);

#endif
