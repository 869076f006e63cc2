#include "tui/form/sums.h"

#include "tui/form/align.h"
#include "tui/form/facts.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

/* How an amount is written. */
struct writing {
    unsigned digits;
    bool in_parts;
};

static void write_amount(int64_t units, const struct writing *writing, char text[GROUPED_SIZE])
{
    char plain[DECIMAL_TEXT_MAX];
    decimal_format(units, writing->digits, plain);
    if (writing->in_parts)
        grouped(plain, text);
    else
        snprintf(text, GROUPED_SIZE, "%s", plain);
}

static char *add(struct sum_rows *sums, const struct writing *writing, int64_t units)
{
    struct sum *sum = &sums->rows[sums->count++];
    write_amount(units, writing, sum->amount);
    return sum->label;
}

/* What the first `count` shares take, so that they align: the rates before their points, as they
 * are of different lengths, and the bases, whose decimals are the currency's. */
struct share_columns {
    struct align rate;
    int base;
};

static struct share_columns measure(const struct amounts *amounts, const struct writing *writing,
                                    size_t count)
{
    struct share_columns columns = {0};
    for (size_t i = 0; i < count; i++) {
        char base[GROUPED_SIZE];
        write_amount(amounts->shares[i].base, writing, base);
        if ((int)strlen(base) > columns.base) columns.base = (int)strlen(base);
        align_measure(&columns.rate, amounts->shares[i].rate);
    }
    return columns;
}

/* The rate with blanks around it. */
static void pad_rate(const struct share_columns *columns, const char *rate, char padded[32])
{
    int total = align_columns(&columns->rate);
    int before = align_start(&columns->rate, total, rate);
    if (before < 0) before = 0;
    int behind = total - before - (int)strlen(rate);
    snprintf(padded, 32, "%*s%.12s%*s", before, "", rate, behind > 0 ? behind : 0, "");
}

static void add_shares(struct sum_rows *sums, const char *label, const struct amounts *amounts,
                       int64_t rest, const struct writing *writing, size_t rows)
{
    size_t shown = amounts->share_count <= rows ? amounts->share_count : rows - 1;
    struct share_columns columns = measure(amounts, writing, shown);
    for (size_t i = 0; i < shown; i++) {
        const struct share *share = &amounts->shares[i];
        char base[GROUPED_SIZE], rate[32];
        write_amount(share->base, writing, base);
        pad_rate(&columns, share->rate, rate);
        snprintf(add(sums, writing, share->amount), SUMS_LABEL_SIZE, _("%s %.12s %% of %*s"), label,
                 rate, columns.base, base);
        rest -= share->amount;
    }
    if (shown == amounts->share_count) return;
    snprintf(add(sums, writing, rest), SUMS_LABEL_SIZE, _("%s, %zu other rates"), label,
             amounts->share_count - shown);
}

static void make(const struct resource *resource, const struct amounts *amounts,
                 const char *currency, bool in_parts, size_t shares, struct sum_rows *sums)
{
    const struct writing writing = {amounts->digits, in_parts};
    size_t total = fact_of_total(resource);
    sums->count = 0;
    for (size_t i = 0; i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        if (!fact_is_sum(field)) continue;
        if (field->shared)
            add_shares(sums, _(field->label), amounts, amounts->fields[i], &writing, shares);
        else
            snprintf(add(sums, &writing, amounts->fields[i]), SUMS_LABEL_SIZE, "%s%s%s",
                     _(field->label), i == total ? "  " : "", i == total ? currency : "");
    }
}

void sums_make(const struct resource *resource, const struct amounts *amounts, const char *currency,
               size_t shares, struct sum_rows *sums)
{
    make(resource, amounts, currency, false, shares, sums);
}

static bool are_its_own(const struct resource *resource, const struct values *values,
                        const struct amounts *amounts)
{
    for (size_t i = 0; i < resource->fields.count; i++) {
        char text[DECIMAL_TEXT_MAX];
        if (!fact_is_sum(&resource->fields.items[i])) continue;
        decimal_format(amounts->fields[i], amounts->digits, text);
        if (strcmp(text, fact_text(values->texts[i])) != 0) return false;
    }
    return true;
}

static void add_said(const struct resource *resource, const struct values *values, size_t i,
                     struct sum_rows *sums)
{
    struct sum *sum = &sums->rows[sums->count++];
    bool is_total = i == fact_of_total(resource);
    const char *amount = fact_text(values->texts[i]);
    grouped(strlen(amount) < DECIMAL_TEXT_MAX ? amount : "\u2026", sum->amount);
    snprintf(sum->label, sizeof sum->label, "%s%s%.8s", _(resource->fields.items[i].label),
             is_total ? "  " : "", is_total ? fact_currency(resource, values) : "");
}

void sums_of_record(const struct resource *resource, const struct record *record, size_t shares,
                    struct sum_rows *sums)
{
    const struct values *values = &record->document.values;
    struct amounts amounts;
    sums->count = 0;
    if (fact_of_total(resource) == resource->fields.count) return;
    if (resource->derive && resource->derive(values, &amounts) &&
        are_its_own(resource, values, &amounts)) {
        make(resource, &amounts, fact_currency(resource, values), true, shares, sums);
        return;
    }
    for (size_t i = 0; i < resource->fields.count; i++)
        if (fact_is_sum(&resource->fields.items[i])) add_said(resource, values, i, sums);
}
