/* Records as CSV, as resource_csv reads them. */
#ifndef INVONCE_WIRE_RESOURCE_CSV_WRITE_H
#define INVONCE_WIRE_RESOURCE_CSV_WRITE_H

#include "protocol/wire/csv_cell.h"
#include "protocol/wire/resource.h"

/* The header, and a record in as many rows as its list has, each with all that is said of the
 * record, but that sums stand in the first one alone. Appended to `text`; the form has a delimiter.
 */
void resource_csv_put_header(struct buffer *text, const struct resource *resource,
                             struct csv_form form);
void resource_csv_put_record(struct buffer *text, const struct resource *resource,
                             const struct json *record, struct csv_form form);

#endif
