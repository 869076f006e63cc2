#include "protocol/wire/resource_csv.h"

#include "protocol/wire/csv_columns.h"
#include "protocol/wire/decimal.h"
#include "protocol/wire/message.h"
#include "protocol/wire/text.h"

#include <stdlib.h>
#include <string.h>

struct resource_csv {
    const struct resource *resource;
    struct csv_form form;
    csv_each *each;
    void *context;

    struct csv_rows *rows;
    struct csv_columns columns;
    char *header;
    struct csv_row *row; /* of `rows`: that is being taken */

    /* The record that rows are being added to: */
    bool open;
    struct csv_row first;
    struct csv_record record;
    struct buffer texts;          /* of its rows; empty where they aren't kept */
    struct buffer row_lines;      /* of the list's items: size_t */
    struct json *list, *payments; /* borrowed from its JSON; NULL: none yet */
};

static void run_out(struct resource_csv *csv)
{
    csv_rows_fail(csv->rows, N_("out of memory"), "");
}

/* Each behind a delimiter; the one that says why it was rejected before is left out. */
static void put_cells(const struct resource_csv *csv, struct buffer *text)
{
    const char delimiter = csv_rows_delimiter(csv->rows);
    for (size_t i = 0; i < csv->row->count; i++) {
        if (i < csv->columns.count && csv->columns.items[i].place == CSV_OF_NOTHING) continue;
        buffer_append(text, &delimiter, 1);
        csv_put_cell(text, csv_row_cell(csv->row, i), strlen(csv_row_cell(csv->row, i)));
    }
    buffer_text(text, "\r\n");
}

/* The record can't be made, for what is in the row that was read last. */
static void refuse(struct resource_csv *csv, const struct csv_column *column, const char *why)
{
    csv->record.problem = why;
    csv->record.problem_line = csv->row->line;
    csv->record.problem_object = column != NULL ? column->object : NULL;
    csv->record.problem_name = column != NULL ? column->name : NULL;
}

/* The member's value; NULL: there is none to be had of it, and the record has a problem, or memory
 * is out. */
static struct json *value_of(struct resource_csv *csv, const struct csv_column *column,
                             const char *cell)
{
    if (!column->is_decimal) return json_new_string(csv_unmarked(cell));
    if (!csv->form.decimal_comma) return json_new_string(cell);
    char *text = malloc(strlen(cell) + 1);
    struct decimal amount;
    bool reads = text != NULL && csv_with_point(cell, text);
    bool is_amount = reads && (*text == '\0' || decimal_parse(text, &amount) != DECIMAL_MALFORMED);
    struct json *value = is_amount ? json_new_string(text) : NULL;
    if (reads && !is_amount)
        refuse(csv, column, N_("It is not a decimal number: write 1234,50 or 1.234,50."));
    if (text != NULL && !reads)
        refuse(csv, column,
               N_("A number has a point where a decimal comma was expected: write 1234,50 or "
                  "1.234,50."));
    free(text);
    return value;
}

static bool put(struct json *object, const struct csv_column *column, struct json *value)
{
    if (column->object == NULL) return json_put(object, column->name, value);
    struct json *inner = json_member(object, column->object);
    if (inner == NULL && json_put(object, column->object, json_new_object()))
        inner = json_member(object, column->object);
    return json_put(inner, column->name, value);
}

/* Puts the row's cells of a place into an object; false: out of memory, or the record has a
 * problem. *any tells whether it has some there. */
static bool put_place(struct resource_csv *csv, enum csv_place place, struct json *object,
                      bool *any)
{
    bool ok = object != NULL;
    *any = false;
    for (size_t i = 0; ok && i < csv->columns.count; i++) {
        const char *cell = csv_row_cell(csv->row, i);
        if (csv->columns.items[i].place != place || cell[0] == '\0') continue;
        *any = true;
        ok = put(object, &csv->columns.items[i], value_of(csv, &csv->columns.items[i], cell));
    }
    return ok;
}

/* Appends an object of the row's cells of a place to the list of that name, where it has some. */
static bool append_place(struct resource_csv *csv, enum csv_place place, struct json **list,
                         const char *name)
{
    bool any = false;
    struct json *object = json_new_object();
    bool ok = put_place(csv, place, object, &any);
    if (!ok || !any) {
        json_free(object);
        return ok;
    }
    if (*list == NULL && json_put(csv->record.json, name, json_new_array()))
        *list = json_member(csv->record.json, name);
    return json_append(*list, object);
}

/* One more of the list; past the first that is too many none is kept. */
static bool append_row(struct resource_csv *csv, const struct field *rows)
{
    size_t before = json_count(csv->list);
    if (before > rows->max) return true;
    if (!append_place(csv, CSV_OF_ROW, &csv->list, rows->name)) return false;
    if (json_count(csv->list) > before)
        buffer_append(&csv->row_lines, &csv->row->line, sizeof csv->row->line);
    return true;
}

/* False: a cell of it is no text, and the record has a problem, and nothing that could be told. */
static bool is_readable(struct resource_csv *csv)
{
    for (size_t i = 0; i < csv->row->count; i++) {
        const char *why = csv_row_unreadable(csv->row, i);
        if (why == NULL) continue;
        bool has_column = i < csv->columns.count;
        if (csv->record.problem == NULL)
            refuse(csv, has_column ? &csv->columns.items[i] : NULL, why);
        json_free(csv->record.json);
        csv->record.json = NULL;
        return false;
    }
    return true;
}

static void add_row(struct resource_csv *csv)
{
    const struct field *rows = resource_rows(csv->resource);
    if (!csv->form.forgets_rows) put_cells(csv, &csv->texts);
    if (!is_readable(csv) || csv->record.problem != NULL) return;
    if (csv->row->count > csv->columns.count)
        refuse(csv, NULL, N_("A row has more cells than the first line has columns."));
    else if ((rows != NULL && !append_row(csv, rows)) ||
             !append_place(csv, CSV_OF_PAYMENT, &csv->payments, "payments")) {
        if (csv->record.problem == NULL) run_out(csv);
    }
}

static void close_record(struct resource_csv *csv)
{
    if (!csv->open) return;
    csv->open = false;
    if (csv->texts.failed || csv->row_lines.failed) {
        run_out(csv);
        json_free(csv->record.json);
        return;
    }
    csv->record.rows = csv->texts.bytes;
    csv->record.rows_length = csv->texts.length;
    csv->record.row_lines = (const size_t *)(const void *)csv->row_lines.bytes;
    csv->record.row_count = csv->row_lines.length / sizeof(size_t);
    csv->each(csv->context, &csv->record);
}

static void open_record(struct resource_csv *csv)
{
    bool any = false;
    csv->open = true;
    csv->texts.length = csv->row_lines.length = 0;
    csv->list = csv->payments = NULL;
    csv->record = (struct csv_record){.json = json_new_object(), .line = csv->row->line};
    if (!put_place(csv, CSV_OF_RECORD, csv->record.json, &any) && csv->record.problem == NULL)
        run_out(csv);
}

/* True when the row is one more of the record: it says nothing else of it, be it nothing at all.
 * One with too many cells is of it by its name alone: a record must not go on without one of its
 * rows.
 */
static bool goes_on(const struct resource_csv *csv)
{
    const char *name = csv_row_cell(csv->row, csv->columns.named);
    bool is_named = name[0] != '\0';
    if (!csv->open || resource_rows(csv->resource) == NULL) return false;
    if (!is_named && csv_row_unreadable(csv->row, csv->columns.named) != NULL) return false;
    if (is_named && strcmp(name, csv_row_cell(&csv->first, csv->columns.named)) != 0) return false;
    if (is_named && csv->row->count > csv->columns.count) return true;
    for (size_t i = 0; i < csv->columns.count; i++) {
        const char *cell = csv_row_cell(csv->row, i);
        if (csv->columns.items[i].place != CSV_OF_RECORD || cell[0] == '\0') continue;
        if (!is_named || strcmp(cell, csv_row_cell(&csv->first, i)) != 0) return false;
    }
    return true;
}

static void read_header(struct resource_csv *csv)
{
    const char *about;
    struct buffer header = {0};
    const char *why = csv_columns_read(&csv->columns, csv->resource, csv->row, &about);
    if (why != NULL) {
        csv_rows_fail(csv->rows, why, about);
        return;
    }
    buffer_text(&header, "\"rejected\"");
    put_cells(csv, &header);
    buffer_append(&header, "", 1);
    csv->header = header.bytes;
    if (header.failed) run_out(csv);
}

static void take_row(void *context, struct csv_row *row)
{
    struct resource_csv *csv = context;
    csv->row = row;
    if (csv->columns.count == 0) {
        read_header(csv);
    } else if (csv_row_is_blank(csv->row)) {
        return;
    } else if (goes_on(csv)) {
        add_row(csv);
    } else {
        close_record(csv);
        open_record(csv);
        add_row(csv);
        struct csv_row first = csv->first; /* its memory for the next one */
        csv->first = *csv->row;
        *csv->row = first;
    }
}

struct resource_csv *resource_csv_new(const struct resource *resource, struct csv_form form,
                                      csv_each *each, void *context)
{
    struct resource_csv *csv = calloc(1, sizeof *csv);
    if (csv == NULL) return NULL;
    csv->resource = resource;
    csv->form = form;
    csv->each = each;
    csv->context = context;
    csv->rows = csv_rows_new(form.delimiter, take_row, csv);
    if (csv->rows != NULL) return csv;
    free(csv);
    return NULL;
}

bool resource_csv_feed(struct resource_csv *csv, const char *bytes, size_t length,
                       char problem[CSV_PROBLEM_MAX])
{
    csv_rows_feed(csv->rows, bytes, length);
    return csv_rows_tell(csv->rows, problem);
}

bool resource_csv_end(struct resource_csv *csv, char problem[CSV_PROBLEM_MAX])
{
    csv_rows_end(csv->rows);
    if (!csv_rows_failed(csv->rows)) close_record(csv);
    return csv_rows_tell(csv->rows, problem);
}

void resource_csv_give_up(struct resource_csv *csv)
{
    if (!csv->open) return;
    if (csv->record.problem == NULL) {
        csv->record.problem = N_("What stands behind it can't be read, and may be a row of it.");
        csv->record.problem_line = csv->record.line;
    }
    close_record(csv);
}

const char *resource_csv_header(const struct resource_csv *csv)
{
    return csv->header;
}

void resource_csv_free(struct resource_csv *csv)
{
    if (csv == NULL) return;
    if (csv->open) json_free(csv->record.json);
    csv_rows_free(csv->rows);
    buffer_clear(&csv->first.bytes);
    buffer_clear(&csv->texts);
    buffer_clear(&csv->row_lines);
    free(csv->header);
    free(csv);
}
