/* Long amounts as people read them: their thousands set apart, the decimal point where it was. */
#ifndef INVONCE_TUI_GROUPED_H
#define INVONCE_TUI_GROUPED_H

#include "protocol/wire/decimal.h"

#define GROUPED_SIZE (2 * DECIMAL_TEXT_MAX)

/* From five digits before the point on: by a comma or, where the language parts thousands by a
 * point, which is the decimal one here, by a blank. What is no decimal, or too long for one, stays
 * as it is, as far as there is room. Gives `text`. */
const char *grouped(const char *amount, char text[GROUPED_SIZE]);

#endif
