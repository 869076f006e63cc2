#include "tui/form/comparison.h"

#include "protocol/wire/decimal.h"
#include "tui/form/facts.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct comparison *comparison, const char *label, const char *original,
                const char *typed)
{
    comparison->rows[comparison->count++] =
        (struct comparison_row){_(label), fact_text(original), fact_text(typed)};
}

/* "323.71 EUR"; where nothing is summed up "". */
static void describe_total(const struct resource *resource, const struct values *values,
                           char text[COMPARISON_SUM_SIZE])
{
    struct amounts amounts;
    size_t total = fact_of_total(resource);
    const char *currency = fact_currency(resource, values);
    char sum[DECIMAL_TEXT_MAX] = "";
    text[0] = '\0';
    if (total == resource->fields.count) return;
    if (resource->derive(values, &amounts))
        decimal_format(amounts.fields[total], amounts.digits, sum);
    snprintf(text, COMPARISON_SUM_SIZE, "%s%s%.8s", sum, *currency ? " " : "", currency);
}

/* What there is of it: "2 lines, 323.71 EUR". */
static void describe_sum(const struct resource *resource, const struct values *values,
                         char text[COMPARISON_SUM_SIZE])
{
    char sum[COMPARISON_SUM_SIZE];
    size_t count = values->row_count;
    describe_total(resource, values, sum);
    if (!resource_rows(resource)) {
        snprintf(text, COMPARISON_SUM_SIZE, "%s", sum);
        return;
    }
    int used =
        snprintf(text, COMPARISON_SUM_SIZE, words_plural("%zu line", "%zu lines", count), count);
    if (*sum) snprintf(text + used, COMPARISON_SUM_SIZE - (size_t)used, ", %s", sum);
}

static void add_sums(const struct resource *resource, struct comparison *comparison)
{
    const struct field *rows = resource_rows(resource);
    size_t total = fact_of_total(resource);
    if (total < resource->fields.count) rows = &resource->fields.items[total];
    if (rows) add(comparison, rows->label, comparison->sums[0], comparison->sums[1]);
}

void comparison_make(const struct resource *resource, const struct values *original,
                     const struct values *typed, struct comparison *comparison)
{
    const struct values *both[2] = {original, typed};
    const char *hidden = NULL;
    comparison->count = 0;
    for (size_t i = 0; i < resource->fields.count; i++) {
        const struct field *field = &resource->fields.items[i];
        if (field->hidden) hidden = field->label;
        if (fact_stands_alone(field))
            add(comparison, field->label, original->texts[i], typed->texts[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        describe_sum(resource, both[i], comparison->sums[i]);
        comparison->hidden[i] = fact_hidden(resource, both[i]);
    }
    add_sums(resource, comparison);
    if (*fact_text(comparison->hidden[0]) || *fact_text(comparison->hidden[1]))
        add(comparison, hidden, comparison->hidden[0], comparison->hidden[1]);
}

void comparison_clear(struct comparison *comparison)
{
    free(comparison->hidden[0]);
    free(comparison->hidden[1]);
}

bool comparison_differs(const struct comparison_row *row)
{
    return strcmp(row->original, row->typed) != 0;
}
