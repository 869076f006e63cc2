/* Records as a spreadsheet exports them (RFC 4180): a header row that names fields, then a row for
 * each row of a record's list; rows that say the same of their record make one, one behind the
 * other. */
#ifndef INVONCE_WIRE_RESOURCE_CSV_H
#define INVONCE_WIRE_RESOURCE_CSV_H

#include "protocol/wire/csv_cell.h"
#include "protocol/wire/csv_rows.h"
#include "protocol/wire/resource.h"

/* One record, or why there is none. Sentences are English. */
struct csv_record {
    struct json *json;   /* to be freed by whoever is told; with a problem as much
                              as could be read, or NULL */
    const char *problem; /* a sentence; NULL: none */
    size_t line;         /* where it begins, from 1 */
    const char *rows;    /* as CSV again, each row behind an empty cell */
    size_t rows_length;
    const size_t *row_lines; /* where each item of its list begins; borrowed, as `rows` is */
    size_t row_count;
    size_t problem_line; /* where the problem is, and in which column; NULL: in none, or not to be
                            told */
    const char *problem_object, *problem_name;
};

typedef void csv_each(void *context, struct csv_record *record);

/* The columns are those of csv_columns.h. A text that csv_put_value has marked loses its mark.
 * NULL: out of memory. */
struct resource_csv *resource_csv_new(const struct resource *resource, struct csv_form form,
                                      csv_each *each, void *context);

/* Some bytes more, and their end. False, with a sentence: nothing more can be made of it. */
bool resource_csv_feed(struct resource_csv *csv, const char *bytes, size_t length,
                       char problem[CSV_PROBLEM_MAX]);
bool resource_csv_end(struct resource_csv *csv, char problem[CSV_PROBLEM_MAX]);

/* After that: tells the record whose rows were being read as one that can't be made, as one of them
 * may be what could not be read. */
void resource_csv_give_up(struct resource_csv *csv);

/* The header as CSV again, behind a first cell "rejected"; NULL: none was read. */
const char *resource_csv_header(const struct resource_csv *csv);

void resource_csv_free(struct resource_csv *csv);

#endif
