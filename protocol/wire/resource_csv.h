/* Records as a spreadsheet exports them (RFC 4180): a header row that names fields, then a row for
 * each row of a record's list; rows that say the same of their record make one, one behind the
 * other. */
#ifndef INVONCE_WIRE_RESOURCE_CSV_H
#define INVONCE_WIRE_RESOURCE_CSV_H

#include "protocol/wire/resource.h"

#define CSV_PROBLEM_MAX 512

struct csv_form {
    char delimiter;     /* 0: what the header has most of, comma, semicolon or tab */
    bool decimal_comma; /* "1.234,50" is 1234.50 */
};

/* One record, or why there is none. */
struct csv_record {
    struct json *json;   /* to be freed by whoever is told; NULL: see the problem */
    const char *problem; /* a sentence; NULL: none */
    size_t line;         /* where it begins, from 1 */
    const char *rows;    /* as CSV again, each row behind an empty cell */
    size_t rows_length;
};

typedef void csv_each(void *context, struct csv_record *record);

/* The columns are a record's members ("number", "customer.email"), its rows' ("description"), its
 * payments' ("payment.amount"), and id, created_at and created_by. One called "rejected" is passed
 * over. NULL: out of memory. */
struct resource_csv *resource_csv_new(const struct resource *resource, struct csv_form form,
                                      csv_each *each, void *context);

/* Some bytes more, and their end. False, with a sentence: nothing more can be made of it. */
bool resource_csv_feed(struct resource_csv *csv, const char *bytes, size_t length,
                       char problem[CSV_PROBLEM_MAX]);
bool resource_csv_end(struct resource_csv *csv, char problem[CSV_PROBLEM_MAX]);

/* The header as CSV again, behind a first cell "rejected"; NULL: none was read. */
const char *resource_csv_header(const struct resource_csv *csv);

/* Appends a cell, quoted. */
void csv_put_cell(struct buffer *text, const char *cell, size_t length);

void resource_csv_free(struct resource_csv *csv);

#endif
