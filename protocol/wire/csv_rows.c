#include "protocol/wire/csv_rows.h"

#include "protocol/wire/message.h"
#include "protocol/wire/text.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROW_MAX     (1024 * 1024) /* bytes of its cells */
#define WITHIN_CELL 2             /* of libcsv's states */
#define PIECE_MAX   (64 * 1024)   /* that are read at once */

struct csv_rows {
    csv_rows_each *each;
    void *context;
    char delimiter; /* 0: not known yet */

    struct csv_parser parser;
    struct buffer head; /* what came of the first line so far */
    bool begun;         /* the delimiter is known */
    size_t line;        /* that is being read */
    struct csv_row row; /* its line is 0 where it didn't begin yet */

    const char *trouble; /* that ends it all; static */
    size_t trouble_line;
    char about[TEXT_EXCERPT_SIZE];
};

const char *csv_row_cell(const struct csv_row *row, size_t column)
{
    return column < row->count ? row->bytes.bytes + row->starts[column] : "";
}

const char *csv_row_unreadable(const struct csv_row *row, size_t column)
{
    if (column >= row->count) return NULL;
    const char *cell = csv_row_cell(row, column);
    size_t next = column + 1 < row->count ? row->starts[column + 1] : row->bytes.length;
    size_t length = next - row->starts[column] - 1;
    if (memchr(cell, '\0', length) != NULL) return N_("A cell holds a NUL.");
    return text_is_utf8(cell, length)
               ? NULL
               : N_("A cell isn't UTF-8: have it exported as \"CSV UTF-8\".");
}

bool csv_row_is_blank(const struct csv_row *row)
{
    return row->bytes.length == row->count;
}

void csv_rows_fail(struct csv_rows *rows, const char *why, const char *about)
{
    if (rows->trouble != NULL) return;
    rows->trouble = why;
    rows->trouble_line = rows->row.line > 0 ? rows->row.line : rows->line;
    text_excerpt(about, rows->about);
}

bool csv_rows_failed(const struct csv_rows *rows)
{
    return rows->trouble != NULL;
}

char csv_rows_delimiter(const struct csv_rows *rows)
{
    return rows->delimiter;
}

/* --- libcsv --- */

static void on_cell(void *bytes, size_t length, void *context)
{
    struct csv_rows *rows = context;
    struct csv_row *row = &rows->row;
    if (row->count == CSV_COLUMNS_MAX) {
        csv_rows_fail(rows, N_("it has more columns than 128"), "");
        return;
    }
    row->starts[row->count++] = row->bytes.length;
    buffer_append(&row->bytes, bytes, length);
    buffer_append(&row->bytes, "", 1);
}

/* A line may have more rows than one: they may end with a CR alone. */
static void on_row(int end, void *context)
{
    struct csv_rows *rows = context;
    struct csv_row *row = &rows->row;
    (void)end;
    if (row->line == 0) row->line = rows->line;
    if (row->bytes.failed) csv_rows_fail(rows, N_("out of memory"), "");
    if (rows->trouble == NULL) rows->each(rows->context, row);
    row->count = 0;
    row->bytes.length = 0;
    row->line = 0;
}

struct csv_rows *csv_rows_new(char delimiter, csv_rows_each *each, void *context)
{
    struct csv_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL || csv_init(&rows->parser, 0) != 0) {
        free(rows);
        return NULL;
    }
    csv_set_blk_size(&rows->parser,
                     PIECE_MAX); /* a long cell grows by that, and not by 128 bytes */
    rows->delimiter = delimiter;
    rows->each = each;
    rows->context = context;
    rows->line = 1;
    return rows;
}

void csv_rows_free(struct csv_rows *rows)
{
    if (rows == NULL) return;
    csv_free(&rows->parser);
    buffer_clear(&rows->head);
    buffer_clear(&rows->row.bytes);
    free(rows);
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
static void read_piece(struct csv_rows *rows, const char *bytes, size_t length)
{
    if (rows->row.line == 0) rows->row.line = rows->line;
    if (csv_parse(&rows->parser, bytes, length, on_cell, on_row, rows) != length)
        csv_rows_fail(rows, csv_strerror(csv_error(&rows->parser)), "");
    if (rows->row.count == 0 && rows->parser.entry_pos == 0 && rows->parser.quoted == 0)
        rows->row.line = 0; /* an empty line */
    if (rows->parser.entry_pos + rows->row.bytes.length > ROW_MAX)
        csv_rows_fail(rows, N_("a row is longer than 1 MiB; is a quote left open?"), "");
    rows->line += bytes[length - 1] == '\n';
}

/* The one that a line "sep=;" names, as some have it above the header; 0: it is no such line. */
static char named_delimiter(const char *line, size_t length)
{
    static const char NAME[] = "sep=";
    const size_t named = sizeof NAME - 1;
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
        length--;
    bool names = length == named + 1 && memcmp(line, NAME, named) == 0;
    return names && line[named] != '\0' && strchr(",;\t|", line[named]) ? line[named] : '\0';
}

/* With the first line whole. */
static void begin(struct csv_rows *rows)
{
    static const char BOM[] = "\xEF\xBB\xBF";
    struct buffer *head = &rows->head;
    size_t passed = head->length >= 3 && memcmp(head->bytes, BOM, 3) == 0 ? 3 : 0;
    size_t length = head->length - passed;
    const char *line = length > 0 ? head->bytes + passed : "";
    char named = named_delimiter(line, length);
    rows->begun = named == '\0';
    if (rows->delimiter == '\0')
        rows->delimiter = rows->begun ? find_delimiter(line, length) : named;
    csv_set_delim(&rows->parser, (unsigned char)rows->delimiter);
    if (rows->begun && length > 0) read_piece(rows, line, length);
    if (!rows->begun) rows->line++;
    buffer_clear(head);
}

void csv_rows_feed(struct csv_rows *rows, const char *bytes, size_t length)
{
    while (length > 0 && rows->trouble == NULL) {
        const char *end = memchr(bytes, '\n', length < PIECE_MAX ? length : PIECE_MAX);
        size_t piece = end != NULL          ? (size_t)(end - bytes) + 1
                       : length < PIECE_MAX ? length
                                            : PIECE_MAX;
        if (rows->begun) {
            read_piece(rows, bytes, piece);
        } else {
            buffer_append(&rows->head, bytes, piece);
            if (rows->head.length > ROW_MAX)
                csv_rows_fail(rows, N_("the first line is longer than 1 MiB"), "");
            if (rows->head.failed) csv_rows_fail(rows, N_("out of memory"), "");
            if (end != NULL && rows->trouble == NULL) begin(rows);
        }
        bytes += piece;
        length -= piece;
    }
}

void csv_rows_end(struct csv_rows *rows)
{
    if (!rows->begun && rows->trouble == NULL) begin(rows);
    if (rows->parser.quoted && rows->parser.pstate == WITHIN_CELL)
        csv_rows_fail(rows, N_("a quote that is opened there is never closed"), "");
    if (rows->trouble == NULL && csv_fini(&rows->parser, on_cell, on_row, rows) != 0)
        csv_rows_fail(rows, N_("out of memory"), "");
}

bool csv_rows_tell(const struct csv_rows *rows, char problem[CSV_PROBLEM_MAX])
{
    const char *why = rows->trouble, *gap = why != NULL ? strstr(why, "%s") : NULL;
    char what[CSV_PROBLEM_MAX];
    if (why == NULL) return true;
    snprintf(what, sizeof what, "%.*s%s%s", gap ? (int)(gap - why) : 0, why, gap ? rows->about : "",
             gap ? gap + 2 : why);
    snprintf(problem, CSV_PROBLEM_MAX, "line %zu: %.440s", rows->trouble_line, what);
    return false;
}
