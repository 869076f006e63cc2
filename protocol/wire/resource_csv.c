#include "protocol/wire/resource_csv.h"

#include "protocol/wire/message.h"
#include "protocol/wire/text.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MAX 128
#define ROW_MAX     (1024 * 1024) /* bytes of its cells */
#define WITHIN_CELL 2             /* of libcsv's states */
#define PIECE_MAX   (64 * 1024)   /* that are read at once */

/* What a column is of. */
enum place { PLACE_RECORD, PLACE_ROW, PLACE_PAYMENT, PLACE_NOWHERE };

struct column {
    enum place place;
    const char *object, *name; /* of its member */
    bool is_decimal;
};

/* The cells of a row, one behind the other, each with a NUL. */
struct row {
    struct buffer bytes;
    size_t starts[COLUMNS_MAX];
    size_t count;
};

struct resource_csv {
    const struct resource *resource;
    struct csv_form form;
    csv_each *each;
    void *context;

    struct csv_parser parser;
    struct buffer head;  /* what came of the header's line so far */
    bool begun;          /* the delimiter is known */
    size_t line;         /* that is being read … */
    size_t row_line;     /* … and where its row began; 0: none did */
    bool has_nul;        /* in the row */
    const char *trouble; /* that ends it all; static */
    size_t trouble_line;

    struct column columns[COLUMNS_MAX];
    size_t column_count; /* 0: the header wasn't read yet */
    size_t name_column;  /* what records are called by */
    char *header;
    char unknown[TEXT_EXCERPT_SIZE];

    struct row row;

    /* The record that rows are being added to: */
    bool open;
    struct row first;
    struct csv_record record;
    struct buffer rows;           /* as text; empty where it isn't kept */
    struct buffer row_lines;      /* of the list's items: size_t */
    struct json *list, *payments; /* borrowed from its JSON; NULL: none yet */
};

/* A line may have more rows than one: they may end with a CR alone. */
static size_t line_of_row(const struct resource_csv *csv)
{
    return csv->row_line > 0 ? csv->row_line : csv->line;
}

static void fail(struct resource_csv *csv, const char *why)
{
    if (csv->trouble != NULL) return;
    csv->trouble = why;
    csv->trouble_line = line_of_row(csv);
}

static const char *cell_at(const struct row *row, size_t column)
{
    return column < row->count ? row->bytes.bytes + row->starts[column] : "";
}

/* Each behind a delimiter; the one that says why it was rejected before is left out. */
static void put_cells(const struct resource_csv *csv, struct buffer *text)
{
    for (size_t i = 0; i < csv->row.count; i++) {
        if (i < csv->column_count && csv->columns[i].place == PLACE_NOWHERE) continue;
        buffer_append(text, &csv->form.delimiter, 1);
        csv_put_cell(text, cell_at(&csv->row, i), strlen(cell_at(&csv->row, i)));
    }
    buffer_text(text, "\r\n");
}

/* The record can't be made, for what is in the row that was read last. */
static void refuse(struct resource_csv *csv, const struct column *column, const char *why)
{
    csv->record.problem = why;
    csv->record.problem_line = csv->row_line;
    csv->record.problem_object = column != NULL ? column->object : NULL;
    csv->record.problem_name = column != NULL ? column->name : NULL;
}

/* --- the header --- */

static const char *const PAYMENT_MEMBERS[] = {"provider", "event_id", "amount", "currency",
                                              "paid_at"};
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* "customer.email" */
static bool is_called(const char *title, const char *object, const char *name)
{
    size_t length = object != NULL ? strlen(object) : 0;
    if (length > 0 && (strncasecmp(title, object, length) != 0 || title[length] != '.'))
        return false;
    return strcasecmp(title + (length > 0 ? length + 1 : 0), name) == 0;
}

static bool find_field(const struct fields *fields, enum place place, const char *title,
                       struct column *column)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->items[i];
        if (field->kind == FIELD_ROWS || !is_called(title, field->object, field->name)) continue;
        *column = (struct column){place, field->object, field->name, field->kind == FIELD_DECIMAL};
        return true;
    }
    return false;
}

static bool find_member(const char *const *names, size_t count, enum place place,
                        const char *object, const char *title, struct column *column)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_called(title, object, names[i])) continue;
        *column = (struct column){place, NULL, names[i], strcmp(names[i], "amount") == 0};
        return true;
    }
    return false;
}

static bool find_column(const struct resource *resource, const char *title, struct column *column)
{
    static const char *const REJECTED[] = {"rejected"};
    const struct field *rows = resource_rows(resource);
    return find_field(&resource->fields, PLACE_RECORD, title, column) ||
           (rows != NULL && find_field(&rows->columns, PLACE_ROW, title, column)) ||
           find_member(CSV_OTHER_MEMBERS, CSV_OTHER_COUNT, PLACE_RECORD, NULL, title, column) ||
           find_member(PAYMENT_MEMBERS, COUNT_OF(PAYMENT_MEMBERS), PLACE_PAYMENT, "payment", title,
                       column) ||
           find_member(REJECTED, 1, PLACE_NOWHERE, NULL, title, column);
}

static bool is_there_twice(const struct resource_csv *csv, size_t column)
{
    const struct column *one = &csv->columns[column];
    for (size_t i = 0; i < column; i++)
        if (csv->columns[i].place == one->place && csv->columns[i].object == one->object &&
            csv->columns[i].name == one->name)
            return true;
    return false;
}

static void read_header(struct resource_csv *csv)
{
    const struct unique_part *name = &csv->resource->unique[0].parts[0];
    struct buffer header = {0};
    csv->name_column = COLUMNS_MAX;
    for (size_t i = 0; i < csv->row.count; i++) {
        if (!find_column(csv->resource, cell_at(&csv->row, i), &csv->columns[i])) {
            text_excerpt(cell_at(&csv->row, i), csv->unknown);
            fail(csv, N_("there is no column \"%s\" here; the first line must name the columns, "
                         "as a record names its members: \"number\", \"customer.email\""));
            return;
        }
        if (is_there_twice(csv, i)) {
            text_excerpt(cell_at(&csv->row, i), csv->unknown);
            fail(csv, N_("there are two columns \"%s\"; leave one of them out"));
            return;
        }
        if (csv->columns[i].place == PLACE_RECORD &&
            is_called(cell_at(&csv->row, i), name->object, name->name))
            csv->name_column = i;
    }
    if (csv->name_column == COLUMNS_MAX) {
        text_excerpt(name->name, csv->unknown);
        fail(csv, N_("the first line must name the columns, and there is none called \"%s\""));
        return;
    }
    csv->column_count = csv->row.count;
    buffer_text(&header, "\"rejected\"");
    put_cells(csv, &header);
    buffer_append(&header, "", 1);
    csv->header = header.bytes;
    if (header.failed) fail(csv, N_("out of memory"));
}

/* --- a row --- */

/* "1.234,50" as "1234.50"; false: it can't be told what it is. */
static bool with_point(const char *typed, char *text)
{
    size_t since = 0; /* digits behind the last point */
    bool points = false, comma = false;
    for (const char *at = typed; *at != '\0'; at++) {
        if (*at == '.' || *at == ',') {
            if (comma || (points && since != 3)) return false;
            comma = *at == ',';
            points = points || !comma;
            since = 0;
            if (comma) *text++ = '.';
        } else {
            since++;
            *text++ = *at;
        }
    }
    *text = '\0';
    return comma || !points;
}

/* The member's value; NULL: there is none to be had of it, and the record has a problem, or memory
 * is out. */
static struct json *value_of(struct resource_csv *csv, const struct column *column,
                             const char *cell)
{
    if (!column->is_decimal) return json_new_string(csv_unmarked(cell));
    if (!csv->form.decimal_comma) return json_new_string(cell);
    char *text = malloc(strlen(cell) + 1);
    bool reads = text != NULL && with_point(cell, text);
    struct json *value = reads ? json_new_string(text) : NULL;
    if (text != NULL && !reads)
        refuse(csv, column,
               N_("A number has a point where a decimal comma was expected: write 1234,50 or "
                  "1.234,50."));
    free(text);
    return value;
}

static bool put(struct json *object, const struct column *column, struct json *value)
{
    if (column->object == NULL) return json_put(object, column->name, value);
    struct json *inner = json_member(object, column->object);
    if (inner == NULL && json_put(object, column->object, json_new_object()))
        inner = json_member(object, column->object);
    return json_put(inner, column->name, value);
}

/* Puts the row's cells of a place into an object; false: out of memory, or the record has a
 * problem. *any tells whether it has some there. */
static bool put_place(struct resource_csv *csv, enum place place, struct json *object, bool *any)
{
    bool ok = object != NULL;
    *any = false;
    for (size_t i = 0; ok && i < csv->column_count; i++) {
        const char *cell = cell_at(&csv->row, i);
        if (csv->columns[i].place != place || cell[0] == '\0') continue;
        *any = true;
        ok = put(object, &csv->columns[i], value_of(csv, &csv->columns[i], cell));
    }
    return ok;
}

/* Appends an object of the row's cells of a place to the list of that name, where it has some. */
static bool append_place(struct resource_csv *csv, enum place place, struct json **list,
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
    if (!append_place(csv, PLACE_ROW, &csv->list, rows->name)) return false;
    if (json_count(csv->list) > before)
        buffer_append(&csv->row_lines, &csv->row_line, sizeof csv->row_line);
    return true;
}

static bool is_utf8(const struct row *row)
{
    return text_is_utf8(row->bytes.bytes, row->bytes.length);
}

static void add_row(struct resource_csv *csv)
{
    const struct field *rows = resource_rows(csv->resource);
    if (!csv->form.forgets_rows) put_cells(csv, &csv->rows);
    if (csv->record.problem != NULL) return;
    if (csv->has_nul)
        refuse(csv, NULL, N_("A cell holds a NUL."));
    else if (csv->row.count > csv->column_count)
        refuse(csv, NULL, N_("A row has more cells than the first line has columns."));
    else if (!is_utf8(&csv->row))
        refuse(csv, NULL, N_("A cell isn't UTF-8: have it exported as \"CSV UTF-8\"."));
    else if ((rows != NULL && !append_row(csv, rows)) ||
             !append_place(csv, PLACE_PAYMENT, &csv->payments, "payments")) {
        if (csv->record.problem == NULL) fail(csv, N_("out of memory"));
    }
}

static void close_record(struct resource_csv *csv)
{
    if (!csv->open) return;
    csv->open = false;
    if (csv->rows.failed || csv->row_lines.failed) {
        fail(csv, N_("out of memory"));
        json_free(csv->record.json);
        return;
    }
    if (csv->record.problem != NULL) {
        json_free(csv->record.json);
        csv->record.json = NULL;
    }
    csv->record.rows = csv->rows.bytes;
    csv->record.rows_length = csv->rows.length;
    csv->record.row_lines = (const size_t *)(const void *)csv->row_lines.bytes;
    csv->record.row_count = csv->row_lines.length / sizeof(size_t);
    csv->each(csv->context, &csv->record);
}

static void open_record(struct resource_csv *csv)
{
    bool any = false;
    csv->open = true;
    csv->rows.length = csv->row_lines.length = 0;
    csv->list = csv->payments = NULL;
    csv->record = (struct csv_record){.json = json_new_object(), .line = line_of_row(csv)};
    if (!put_place(csv, PLACE_RECORD, csv->record.json, &any) && csv->record.problem == NULL)
        fail(csv, N_("out of memory"));
}

/* True when the row is one more of the record: it says nothing else of it. One with too many cells
 * is of it by its name alone: a record must not go on without one of its rows. */
static bool goes_on(const struct resource_csv *csv)
{
    const char *name = cell_at(&csv->row, csv->name_column);
    if (!csv->open || name[0] == '\0' || strcmp(name, cell_at(&csv->first, csv->name_column)) != 0)
        return false;
    bool same = resource_rows(csv->resource) != NULL;
    for (size_t i = 0; same && csv->row.count <= csv->column_count && i < csv->row.count; i++) {
        const char *cell = cell_at(&csv->row, i);
        same = csv->columns[i].place != PLACE_RECORD || cell[0] == '\0' ||
               strcmp(cell, cell_at(&csv->first, i)) == 0;
    }
    return same;
}

/* As spreadsheets have them below what was typed. */
static bool is_blank(const struct row *row)
{
    return row->bytes.length == row->count;
}

static void take_row(struct resource_csv *csv)
{
    if (csv->column_count == 0) {
        read_header(csv);
    } else if (is_blank(&csv->row)) {
        return;
    } else if (goes_on(csv)) {
        add_row(csv);
    } else {
        close_record(csv);
        open_record(csv);
        add_row(csv);
        struct row first = csv->first; /* its memory for the next one */
        csv->first = csv->row;
        csv->row = first;
    }
}

/* --- libcsv --- */

static void on_cell(void *bytes, size_t length, void *context)
{
    struct resource_csv *csv = context;
    struct row *row = &csv->row;
    if (row->count == COLUMNS_MAX) {
        fail(csv, N_("it has more columns than 128"));
        return;
    }
    csv->has_nul = csv->has_nul || memchr(bytes, '\0', length) != NULL;
    row->starts[row->count++] = row->bytes.length;
    buffer_append(&row->bytes, bytes, length);
    buffer_append(&row->bytes, "", 1);
}

static void on_row(int end, void *context)
{
    struct resource_csv *csv = context;
    (void)end;
    if (csv->row.bytes.failed) fail(csv, N_("out of memory"));
    if (csv->trouble == NULL) take_row(csv);
    csv->row.count = 0;
    csv->row.bytes.length = 0;
    csv->row_line = 0;
    csv->has_nul = false;
}

struct resource_csv *resource_csv_new(const struct resource *resource, struct csv_form form,
                                      csv_each *each, void *context)
{
    struct resource_csv *csv = calloc(1, sizeof *csv);
    if (csv == NULL || csv_init(&csv->parser, 0) != 0) {
        free(csv);
        return NULL;
    }
    csv->resource = resource;
    csv->form = form;
    csv->each = each;
    csv->context = context;
    csv->line = 1;
    return csv;
}

/* What the header has most of, out of quotes. */
static char find_delimiter(const char *line, size_t length)
{
    static const char DELIMITERS[] = ",;\t";
    size_t counts[sizeof DELIMITERS] = {0}, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        const char *found = line[i] != '\0' && !quoted ? strchr(DELIMITERS, line[i]) : NULL;
        quoted = quoted != (line[i] == '"');
        if (found != NULL) counts[found - DELIMITERS]++;
    }
    for (size_t i = 1; i < sizeof DELIMITERS - 1; i++)
        if (counts[i] > counts[best]) best = i;
    return DELIMITERS[best];
}

/* Bytes of one line at most. */
static void read_piece(struct resource_csv *csv, const char *bytes, size_t length)
{
    csv->row_line = line_of_row(csv);
    if (csv_parse(&csv->parser, bytes, length, on_cell, on_row, csv) != length)
        fail(csv, csv_strerror(csv_error(&csv->parser)));
    if (csv->row.count == 0 && csv->parser.entry_pos == 0 && csv->parser.quoted == 0)
        csv->row_line = 0; /* an empty line */
    if (csv->parser.entry_pos + csv->row.bytes.length > ROW_MAX)
        fail(csv, N_("a row is longer than 1 MiB; is a quote left open?"));
    csv->line += bytes[length - 1] == '\n';
}

static void begin(struct resource_csv *csv)
{
    static const char BOM[] = "\xEF\xBB\xBF";
    struct buffer *head = &csv->head;
    size_t passed = head->length >= 3 && memcmp(head->bytes, BOM, 3) == 0 ? 3 : 0;
    if (csv->form.delimiter == '\0')
        csv->form.delimiter = find_delimiter(head->bytes, head->length);
    csv_set_delim(&csv->parser, (unsigned char)csv->form.delimiter);
    csv->begun = true;
    if (head->length > passed) read_piece(csv, head->bytes + passed, head->length - passed);
    buffer_clear(head);
}

static bool tell(struct resource_csv *csv, char problem[CSV_PROBLEM_MAX])
{
    if (csv->head.failed) fail(csv, N_("out of memory"));
    if (csv->trouble == NULL) return true;
    char what[CSV_PROBLEM_MAX];
    const char *gap = strstr(csv->trouble, "%s");
    snprintf(what, sizeof what, "%.*s%s%s", gap ? (int)(gap - csv->trouble) : 0, csv->trouble,
             gap ? csv->unknown : "", gap ? gap + 2 : csv->trouble);
    snprintf(problem, CSV_PROBLEM_MAX, "line %zu: %.440s", csv->trouble_line, what);
    return false;
}

bool resource_csv_feed(struct resource_csv *csv, const char *bytes, size_t length,
                       char problem[CSV_PROBLEM_MAX])
{
    while (length > 0 && csv->trouble == NULL) {
        const char *end = memchr(bytes, '\n', length < PIECE_MAX ? length : PIECE_MAX);
        size_t piece = end != NULL          ? (size_t)(end - bytes) + 1
                       : length < PIECE_MAX ? length
                                            : PIECE_MAX;
        if (csv->begun) {
            read_piece(csv, bytes, piece);
        } else {
            buffer_append(&csv->head, bytes, piece);
            if (csv->head.length > ROW_MAX) fail(csv, N_("the first line is longer than 1 MiB"));
            if (end != NULL && !csv->head.failed) begin(csv);
        }
        bytes += piece;
        length -= piece;
    }
    return tell(csv, problem);
}

bool resource_csv_end(struct resource_csv *csv, char problem[CSV_PROBLEM_MAX])
{
    if (!csv->begun && csv->trouble == NULL && !csv->head.failed) begin(csv);
    if (csv->parser.quoted && csv->parser.pstate == WITHIN_CELL)
        fail(csv, N_("a quote that is opened there is never closed"));
    if (csv->trouble == NULL && csv_fini(&csv->parser, on_cell, on_row, csv) != 0)
        fail(csv, N_("out of memory"));
    if (csv->trouble == NULL) close_record(csv);
    return tell(csv, problem);
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
    csv_free(&csv->parser);
    buffer_clear(&csv->head);
    buffer_clear(&csv->row.bytes);
    buffer_clear(&csv->first.bytes);
    buffer_clear(&csv->rows);
    buffer_clear(&csv->row_lines);
    free(csv->header);
    free(csv);
}
