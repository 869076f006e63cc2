#include "tui/list/rows.h"

#include "protocol/wire/resource_csv_write.h"
#include "protocol/wire/text.h"
#include "tui/form/align.h"
#include "tui/form/facts.h"
#include "tui/form/wrap.h"
#include "tui/words/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_COLUMNS   18
#define DATE_COLUMNS     10
#define CUSTOMER_COLUMNS 20
#define AMOUNT_COLUMNS   13
#define FRACTION_COLUMNS 4 /* of that, the point included: no currency in use has more */
#define CURRENCY_COLUMNS 3

/* --- the table --- */

static char *safe_of(const char *text)
{
    return text_safe(text, strlen(text), TEXT_ONE_LINE);
}

/* The text, and blanks up to that many columns and two. */
static void put_column(FILE *out, const char *text, int columns)
{
    int width = (int)text_width(text);
    fprintf(out, "%s%*s", text, (columns > width ? columns - width : 0) + 2, "");
}

/* To the right, as figures are. */
static void put_column_right(FILE *out, const char *text, int columns)
{
    int width = (int)text_width(text);
    fprintf(out, "%*s%s", columns > width ? columns - width : 0, "", text);
}

/* Its point under the others', whatever their currencies: what comes isn't known yet. Whole, as
 * scripts take it: no parts. */
static void put_amount(FILE *out, const char *amount)
{
    const struct align column = {.fraction = FRACTION_COLUMNS};
    int width = (int)text_width(amount), start = align_start(&column, AMOUNT_COLUMNS, amount);
    if (start < 0) start = 0;
    int behind = AMOUNT_COLUMNS - start - width;
    fprintf(out, "%*s%s%*s", start, "", amount, behind > 0 ? behind : 0, "");
}

/* What doesn't fit ends in an ellipsis: it is told whole by show, JSON and CSV. */
static void put_cut(FILE *out, char *text, int columns)
{
    size_t next;
    if ((int)text_width(text) > columns) {
        text[wrap_line(text, (size_t)columns - 1, &next)] = '\0';
        int width = (int)text_width(text) + 1;
        fprintf(out, "%s\u2026%*s", text, columns - width + 2, "");
        return;
    }
    put_column(out, text, columns);
}

static void put_table_header(FILE *out)
{
    put_column(out, _("NUMBER"), NUMBER_COLUMNS);
    put_column(out, _("ISSUED"), DATE_COLUMNS);
    put_column(out, _("CUSTOMER"), CUSTOMER_COLUMNS);
    put_column_right(out, _("TOTAL"), AMOUNT_COLUMNS);
    fprintf(out, " %*s  %s\n", CURRENCY_COLUMNS, "", "ID");
}

/* The name, or else the address. */
static const char *customer_of(const struct resource *resource, const struct json *record)
{
    size_t email = fact_of_kind(resource, FIELD_EMAIL);
    const char *name = fact_at(resource, fact_beside(resource, email), record);
    return *name ? name : fact_at(resource, email, record);
}

static void put_table_row(FILE *out, const struct resource *resource, const struct json *record)
{
    const char *texts[] = {
        fact_at(resource, fact_of_name(resource), record),
        fact_at(resource, fact_of_kind(resource, FIELD_DATE), record),
        customer_of(resource, record),
        fact_at(resource, fact_of_total(resource), record),
        fact_at(resource, fact_of_kind(resource, FIELD_CURRENCY), record),
        fact_text(json_text(record, "id")),
    };
    enum { NUMBER, DATE, CUSTOMER, TOTAL, CURRENCY, ID, CELLS };
    char *cells[CELLS];
    bool good = true;
    for (size_t i = 0; i < CELLS; i++) {
        cells[i] = safe_of(texts[i]);
        good = good && cells[i];
    }
    if (good) {
        put_column(out, cells[NUMBER], NUMBER_COLUMNS);
        put_column(out, cells[DATE], DATE_COLUMNS);
        put_cut(out, cells[CUSTOMER], CUSTOMER_COLUMNS);
        put_amount(out, cells[TOTAL]);
        fprintf(out, " %-*s  %s\n", CURRENCY_COLUMNS, cells[CURRENCY], cells[ID]);
    }
    for (size_t i = 0; i < CELLS; i++)
        free(cells[i]);
}

/* --- JSON and CSV --- */

static bool put_json(FILE *out, const struct json *record)
{
    char *text = json_write(record);
    bool put = text && fprintf(out, "%s\n", text) > 0;
    if (!text) errno = ENOMEM;
    free(text);
    return put;
}

static bool put_buffer(FILE *out, struct buffer *text)
{
    bool put = !text->failed && fwrite(text->bytes, 1, text->length, out) == text->length;
    if (text->failed) errno = ENOMEM;
    buffer_clear(text);
    return put;
}

bool rows_begin(struct rows *rows)
{
    struct buffer text = {0};
    if (rows->form != ROWS_CSV) return true;
    resource_csv_put_header(&text, rows->resource, rows->csv);
    return put_buffer(rows->out, &text);
}

bool rows_put(struct rows *rows, const struct json *record)
{
    struct buffer text = {0};
    switch (rows->form) {
    case ROWS_JSON:
        return put_json(rows->out, record);
    case ROWS_CSV:
        resource_csv_put_record(&text, rows->resource, record, rows->csv);
        return put_buffer(rows->out, &text);
    case ROWS_TABLE:
        break;
    }
    if (!rows->begun) put_table_header(rows->out);
    rows->begun = true;
    put_table_row(rows->out, rows->resource, record);
    return !ferror(rows->out);
}
