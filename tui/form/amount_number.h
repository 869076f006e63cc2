/* One number as people write it, its points, commas and blanks: which of them parts thousands, and
 * which is the decimal one. Pure. */
#ifndef INVONCE_TUI_AMOUNT_NUMBER_H
#define INVONCE_TUI_AMOUNT_NUMBER_H

#include <stdbool.h>

#define AMOUNT_NUMBER_MAX 64 /* characters of a written one */

enum amount_number {
    AMOUNT_NUMBER_NONE,    /* it is none */
    AMOUNT_NUMBER_READ,    /* in one way */
    AMOUNT_NUMBER_TWOFOLD, /* its one separator may part thousands or be the decimal one */
};

/* Reads digits with '.', ',', ' ' and '\'' between them, without a sign, into the strict spelling
 * (decimal.h), digits as they are but for zeros in front: "007.50" is "7.50". `point_parts`: a lone
 * point may part thousands, as a lone comma may anywhere; `whole`: what may do either does. */
enum amount_number amount_number_read(const char *written, bool point_parts, bool whole,
                                      char strict[AMOUNT_NUMBER_MAX + 2]);

#endif
