#include "tui/form/page.h"

#include "protocol/wire/decimal.h"
#include "protocol/wire/text.h"
#include "tui/form/align.h"
#include "tui/form/facts.h"
#include "tui/form/grouped.h"
#include "tui/form/moment.h"
#include "tui/form/sums.h"
#include "tui/form/wrap.h"
#include "tui/words/words.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS          80
#define NUMBER_END       4 /* of a line's number … */
#define TEXT_START       6 /* … and where its text begins */
#define TEXT_COLUMNS_MIN 20
#define GAP              2

/* --- lines of text --- */

static void put_blanks(FILE *out, int columns)
{
    if (columns > 0) fprintf(out, "%*s", columns, "");
}

/* What is shown of a text from outside; owned by the caller, "" where memory is out. */
static char *safe_of(const char *text, enum text_lines lines)
{
    char *safe = text_safe(fact_text(text), strlen(fact_text(text)), lines);
    return safe ? safe : strdup("");
}

/* The text in lines from column `start` on; the first one is begun already. */
static void put_wrapped(FILE *out, int start, const char *text)
{
    size_t next = 0, columns = (size_t)(COLUMNS - start);
    do {
        size_t length = wrap_line(text, columns, &next);
        fprintf(out, "%.*s\n", (int)length, text);
        text += next;
        if (*text) put_blanks(out, start);
    } while (*text);
}

/* One to the left, one at the right edge. */
static void put_apart(FILE *out, const char *left, const char *right)
{
    int gap = COLUMNS - (int)text_width(left) - (int)text_width(right);
    fprintf(out, "%s", left);
    put_blanks(out, gap > GAP ? gap : GAP);
    fprintf(out, "%s\n", right);
}

static void put_rule(FILE *out)
{
    for (int i = 0; i < COLUMNS; i++)
        fputc('-', out);
    fputc('\n', out);
}

/* --- what stands by itself --- */

static int label_columns(const struct resource *resource)
{
    int columns = 0;
    for (size_t i = 0; i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        if (!field->label || (!field->hidden && !fact_stands_alone(field))) continue;
        int width = (int)text_width(_(field->label));
        if (width > columns) columns = width;
    }
    return columns + GAP;
}

static void put_fact(FILE *out, int start, const char *label, const char *text)
{
    char *safe = safe_of(text, TEXT_ONE_LINE);
    if (safe && *safe) {
        fprintf(out, "%s", label);
        put_blanks(out, start - (int)text_width(label));
        put_wrapped(out, start, safe);
    }
    free(safe);
}

static void put_facts(FILE *out, const struct page *page)
{
    const struct values *values = &page->record->document.values;
    int start = label_columns(page->resource);
    const char *hidden = NULL;
    for (size_t i = 0; i < page->resource->fields.count; i++) {
        const struct field *field = &page->resource->fields.items[i];
        if (field->hidden && field->label) hidden = _(field->label);
        if (fact_stands_alone(field) && field->kind != FIELD_NOTES &&
            i != fact_of_name(page->resource))
            put_fact(out, start, _(field->label), values->texts[i]);
    }
    char *carried = fact_hidden(page->resource, values);
    if (hidden && carried) put_fact(out, start, hidden, carried);
    free(carried);
}

/* --- the rows --- */

/* Where the columns end; the first one has what the others leave. */
struct layout {
    const struct fields *columns;
    int ends[RESOURCE_COLUMNS_MAX];
    struct align aligns[RESOURCE_COLUMNS_MAX];
    int text_end;
};

static struct layout lay_out(const struct fields *columns, const struct values *values)
{
    struct layout layout = {.columns = columns};
    int end = COLUMNS;
    for (size_t i = columns->count; i-- > 1;) {
        struct align *align = &layout.aligns[i];
        for (size_t row = 0; row < values->row_count; row++) {
            char room[GROUPED_SIZE];
            align_measure(align, grouped(fact_text(values->rows[row].texts[i]), room));
        }
        int width = (int)text_width(_(columns->items[i].label));
        if (align_columns(align) > width) width = align_columns(align);
        layout.ends[i] = end;
        end -= width + GAP;
    }
    layout.text_end = end;
    return layout;
}

/* Amounts wider than people's leave no room beside the text: it has lines of its own then. */
static bool is_stacked(const struct layout *layout)
{
    return layout->text_end - TEXT_START < TEXT_COLUMNS_MIN;
}

static void put_header(FILE *out, const struct layout *layout)
{
    const char *label = _(layout->columns->items[0].label);
    int at = TEXT_START + (int)text_width(label);
    put_blanks(out, NUMBER_END - 1);
    fprintf(out, "#");
    put_blanks(out, TEXT_START - NUMBER_END);
    fprintf(out, "%s", label);
    if (is_stacked(layout)) {
        fputc('\n', out);
        at = 0;
    }
    for (size_t i = 1; i < layout->columns->count; i++) {
        label = _(layout->columns->items[i].label);
        put_blanks(out, layout->ends[i] - (int)text_width(label) - at);
        fprintf(out, "%s", label);
        at = layout->ends[i];
    }
    fputc('\n', out);
}

/* Behind what stands up to column `at`. */
static void put_amounts(FILE *out, const struct layout *layout, const struct values_row *row,
                        int at)
{
    for (size_t i = 1; i < layout->columns->count; i++) {
        char room[GROUPED_SIZE];
        const char *amount = grouped(fact_text(row->texts[i]), room);
        int start = align_start(&layout->aligns[i], layout->ends[i], amount);
        if (!*amount) continue;
        put_blanks(out, start - at);
        fprintf(out, "%s", amount);
        at = start + (int)text_width(amount);
    }
    fputc('\n', out);
}

static void put_row(FILE *out, const struct layout *layout, const struct values_row *row,
                    size_t number)
{
    char *safe = safe_of(row->texts[0], TEXT_ONE_LINE);
    const char *text = safe ? safe : "";
    bool stacked = is_stacked(layout);
    size_t next, columns = (size_t)((stacked ? COLUMNS : layout->text_end) - TEXT_START);
    size_t length = wrap_line(text, columns, &next);
    fprintf(out, "%*zu", NUMBER_END, number);
    put_blanks(out, TEXT_START - NUMBER_END);
    char *first = strndup(text, length);
    fprintf(out, "%s", first ? first : "");
    if (!stacked) put_amounts(out, layout, row, TEXT_START + (int)text_width(first ? first : ""));
    if (stacked) fputc('\n', out);
    free(first);
    while (*(text += next)) {
        length = wrap_line(text, columns, &next);
        put_blanks(out, TEXT_START);
        fprintf(out, "%.*s\n", (int)length, text);
    }
    if (stacked) put_amounts(out, layout, row, 0);
    free(safe);
}

static void put_rows(FILE *out, const struct page *page)
{
    const struct field *rows = resource_rows(page->resource);
    const struct values *values = &page->record->document.values;
    if (!rows || values->row_count == 0) return;
    struct layout layout = lay_out(&rows->columns, values);
    fputc('\n', out);
    put_header(out, &layout);
    for (size_t i = 0; i < values->row_count; i++)
        put_row(out, &layout, &values->rows[i], i + 1);
}

/* --- the sums --- */

#define SUMS_START 44

/* Where the labels begin: at the usual place, unless one needs more room. */
static int sums_start(const struct sum_rows *sums)
{
    int start = SUMS_START;
    for (size_t i = 0; i < sums->count; i++) {
        const struct sum *sum = &sums->rows[i];
        int own = COLUMNS - (int)text_width(sum->label) - GAP - (int)text_width(sum->amount);
        if (own < start) start = own;
    }
    return start > 0 ? start : 0;
}

static void put_sum(FILE *out, int start, const struct sum *sum)
{
    char *safe = safe_of(sum->amount, TEXT_ONE_LINE);
    const char *amount = safe ? safe : "";
    put_blanks(out, start);
    fprintf(out, "%s", sum->label);
    put_blanks(out, COLUMNS - start - (int)text_width(sum->label) - (int)text_width(amount));
    fprintf(out, "%s\n", amount);
    free(safe);
}

static void put_sums(FILE *out, const struct page *page)
{
    struct sum_rows sums;
    sums_of_record(page->resource, page->record, SUMS_SHARES_MAX, &sums);
    if (sums.count > 0) fputc('\n', out);
    int start = sums_start(&sums);
    for (size_t i = 0; i < sums.count; i++)
        put_sum(out, start, &sums.rows[i]);
}

/* --- below --- */

static void put_notes(FILE *out, const struct page *page)
{
    size_t at = fact_of_kind(page->resource, FIELD_NOTES);
    if (at == page->resource->fields.count) return;
    char *safe = safe_of(page->record->document.values.texts[at], TEXT_MANY_LINES);
    if (safe && *safe) {
        fprintf(out, "\n%s\n\n", _(page->resource->fields.items[at].label));
        put_wrapped(out, 0, safe);
    }
    free(safe);
}

static void put_payment(FILE *out, const struct json *payment)
{
    char *sentence = NULL, *safe = NULL;
    char amount[GROUPED_SIZE];
    const char *at = fact_text(json_text(payment, "paid_at"));
    grouped(fact_text(json_text(payment, "amount")), amount);
    if (asprintf(&sentence, _("Paid %.10s: %s %s, by %s"), at, amount,
                 fact_text(json_text(payment, "currency")),
                 fact_text(json_text(payment, "provider"))) < 0)
        return;
    safe = safe_of(sentence, TEXT_ONE_LINE);
    if (safe) put_wrapped(out, 0, safe);
    free(safe);
    free(sentence);
}

/* What is left of the total, in its currency; false: that can't be told. */
static bool count_open(const struct page *page, int64_t *open, unsigned *digits)
{
    static const struct decimal ONE = {.coefficient = 1};
    const struct values *values = &page->record->document.values;
    size_t total = fact_of_total(page->resource);
    struct decimal amount;
    if (total == page->resource->fields.count || !values->texts[total] ||
        decimal_parse(values->texts[total], &amount) != DECIMAL_OK)
        return false;
    *digits = amount.scale;
    *open = amount.coefficient;
    for (const struct json *at = json_first(page->payments); at; at = json_next(at)) {
        int64_t paid;
        const char *text = json_text(at, "amount");
        if (!text || decimal_parse(text, &amount) != DECIMAL_OK || amount.scale > *digits ||
            !decimal_multiply(amount, ONE, *digits, &paid) || !decimal_accumulate(open, -paid))
            return false;
    }
    return true;
}

static void put_payments(FILE *out, const struct page *page)
{
    const char *currency = fact_currency(page->resource, &page->record->document.values);
    int64_t open = 0;
    unsigned digits = 0;
    char left[DECIMAL_TEXT_MAX], parted[GROUPED_SIZE];
    if (json_count(page->payments) == 0) return;
    fputc('\n', out);
    for (const struct json *at = json_first(page->payments); at; at = json_next(at))
        put_payment(out, at);
    if (!count_open(page, &open, &digits)) return;
    decimal_format(open, digits, left);
    if (open == 0)
        fprintf(out, "%s\n", _("Paid in full"));
    else
        fprintf(out, _("Left to pay: %s %.8s\n"), grouped(left, parted), currency);
}

static void put_origin(FILE *out, const struct page *page)
{
    char at[MOMENT_SIZE], *sentence = NULL;
    moment_whole(page->record->created_at, at);
    if (asprintf(&sentence, _("Created by %s, %s"), fact_text(page->record->created_by), at) < 0)
        return;
    char *safe = safe_of(sentence, TEXT_ONE_LINE);
    fputc('\n', out);
    if (safe) put_wrapped(out, 0, safe);
    free(safe);
    free(sentence);
}

static void put_head(FILE *out, const struct page *page)
{
    const struct values *values = &page->record->document.values;
    char *name = safe_of(values->texts[fact_of_name(page->resource)], TEXT_ONE_LINE);
    char *id = safe_of(page->record->id, TEXT_ONE_LINE);
    char *heading = NULL;
    if (asprintf(&heading, "%s %s", fact_word(page->resource, WORD_ONE), name ? name : "") < 0)
        heading = NULL;
    put_apart(out, heading ? heading : "", id ? id : "");
    put_rule(out);
    free(heading);
    free(id);
    free(name);
    char *merged = fact_merged(page->record->document.json);
    char *safe = merged ? safe_of(merged, TEXT_ONE_LINE) : NULL;
    fputc('\n', out);
    if (safe) put_wrapped(out, 0, safe);
    if (safe) fputc('\n', out);
    free(safe);
    free(merged);
}

bool page_write(FILE *out, const struct page *page)
{
    put_head(out, page);
    put_facts(out, page);
    put_rows(out, page);
    put_sums(out, page);
    put_notes(out, page);
    put_payments(out, page);
    put_origin(out, page);
    return fflush(out) == 0 && !ferror(out);
}
