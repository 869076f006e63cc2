/* The columns of CSV, as its header names them: a record's members ("number", "customer.email"),
 * its rows' ("description"), its payments' ("payment.amount"), and what every record has. */
#ifndef INVONCE_WIRE_CSV_COLUMNS_H
#define INVONCE_WIRE_CSV_COLUMNS_H

#include "protocol/wire/csv_rows.h"
#include "protocol/wire/resource.h"

/* What a column is of. */
enum csv_place {
    CSV_OF_RECORD,
    CSV_OF_ROW,
    CSV_OF_PAYMENT,
    CSV_OF_NOTHING, /* "rejected": why it was, before */
};

struct csv_column {
    enum csv_place place;
    const char *object, *name; /* of its member; static, object NULL: none */
    bool is_decimal;
};

struct csv_columns {
    struct csv_column items[CSV_COLUMNS_MAX];
    size_t count; /* 0: the header wasn't read yet */
    size_t named; /* the one that records are called by */
};

/* NULL, or why the header can't be one: static, *about in place of %s. */
const char *csv_columns_read(struct csv_columns *columns, const struct resource *resource,
                             const struct csv_row *header, const char **about);

#endif
