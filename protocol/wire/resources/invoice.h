/* The invoice: its row, and what only invoices have, their totals. */
#ifndef INVONCE_WIRE_RESOURCES_INVOICE_H
#define INVONCE_WIRE_RESOURCES_INVOICE_H

#include "protocol/wire/resource.h"

#define INVOICE_LINES_MAX  RESOURCE_ROWS_MAX
#define INVOICE_NUMBER_MAX 64 /* characters, as are the next five */
#define INVOICE_TEXT_MAX   200
#define INVOICE_EMAIL_MAX  254 /* RFC 5321 section 4.5.3.1.3 */
#define INVOICE_NOTES_MAX  2000

extern const struct resource INVOICE;

/* Where its values are, and those of a line. */
enum invoice_field {
#define FIELD(place, ...) place,
#include "protocol/wire/resources/invoice_fields.def"
};
enum invoice_line {
#define COLUMN(place, ...) place,
#include "protocol/wire/resources/invoice_fields.def"
};

/* RULES.md section 5: adds up the lines that read; the others are left out, so that a form can show
 * totals while it is typed. Line nets (BT-131), the rates' shares (BG-23), their sums (BT-109,
 * -110, -112). An unknown currency counts as 2 digits. False when an amount passes 15 digits. */
bool invoice_totals(const struct values *invoice, struct amounts *totals);

#endif
