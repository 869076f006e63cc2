/* An invoice as it is asked for: its fields, its rules, its totals. */
#ifndef INVONCE_WIRE_INVOICE_H
#define INVONCE_WIRE_INVOICE_H

#include "protocol/wire/decimal.h"
#include "protocol/wire/violations.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INVOICE_LINES_MAX         200
#define INVOICE_NUMBER_MAX        64 /* characters, as are the next five */
#define INVOICE_DESCRIPTION_MAX   200
#define INVOICE_NAME_MAX          200
#define INVOICE_EMAIL_MAX         254 /* RFC 5321 section 4.5.3.1.3 */
#define INVOICE_NOTES_MAX         2000
#define INVOICE_EXTERNAL_MAX      200
#define INVOICE_QUANTITY_DECIMALS 4
#define INVOICE_PRICE_DECIMALS    4
#define INVOICE_RATE_DECIMALS     2

/* Decimals stay as typed. tax_rate NULL means "0". */
struct invoice_line {
    const char *description;
    const char *quantity;
    const char *unit_price;
    const char *tax_rate;
};

/* All text is borrowed from whoever fills it (a JSON document, a form). NULL means absent. */
struct invoice {
    const char *number;
    const char *issue_date;
    const char *due_date;
    const char *currency;
    const char *customer_email;
    const char *customer_name;
    const struct invoice_line *lines;
    size_t line_count;
    const char *notes;
    const char *external_source; /* both or neither */
    const char *external_id;
};

/* Adds a violation for each rule of RULES.md section 4 that is broken, every one at once;
 * overflowing totals included. True when none was. Pointers are those of the JSON request. A member
 * that has a violation in the list already (of its shape, say) isn't judged again. */
bool invoice_validate(const struct invoice *invoice, struct violations *violations);

/* The rules of one e-mail address, for whoever takes one; adds at `pointer`, as above. */
void invoice_validate_email(const char *email, const char *pointer, struct violations *violations);

/* One rate's share: EN 16931 BG-23. `rate` is borrowed, as first typed. */
struct invoice_tax {
    const char *rate;
    int64_t net; /* sum of the nets at this rate, BT-116 */
    int64_t tax; /* BT-117: rounded once, on the sum (BR-CO-17) */
};

/* RULES.md section 5. In minor units of the currency: 10^-minor_digits. */
struct invoice_totals {
    unsigned minor_digits;
    bool line_has_net[INVOICE_LINES_MAX]; /* false: that line's decimals don't read (yet) */
    int64_t line_net[INVOICE_LINES_MAX];  /* BT-131 */
    struct invoice_tax taxes[INVOICE_LINES_MAX];
    size_t tax_count;
    int64_t net;   /* BT-109, sum of line nets (BR-CO-10) */
    int64_t tax;   /* BT-110 (BR-CO-14) */
    int64_t gross; /* BT-112 (BR-CO-15) */
};

/* Adds up the lines that read; the others are left out, so that a form can show totals while it is
 * typed. An unknown currency counts as 2 digits. False when an amount passes 15 digits. */
bool invoice_totals(const struct invoice *invoice, struct invoice_totals *totals);

/* The year of a valid issue date: the scope of the number. */
int invoice_year(const struct invoice *invoice);

#endif
