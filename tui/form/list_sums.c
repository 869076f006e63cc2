#include "tui/form/list_sums.h"

#include "tui/form/facts.h"

#include <stdio.h>
#include <string.h>

static struct list_sum *sum_of(struct list_sums *sums, const char *currency)
{
    for (size_t i = 0; i < sums->count; i++)
        if (strcmp(sums->sums[i].currency, currency) == 0) return &sums->sums[i];
    if (sums->count == LIST_SUMS_MAX || strlen(currency) >= LIST_SUM_CURRENCY) return NULL;
    struct list_sum *sum = &sums->sums[sums->count++];
    snprintf(sum->currency, sizeof sum->currency, "%s", currency);
    return sum;
}

static bool scale(int64_t *units, unsigned times)
{
    int64_t once = *units;
    for (; times > 0; times--) {
        for (int i = 1; i < 10; i++)
            if (!decimal_accumulate(units, once)) return false;
        once = *units;
    }
    return true;
}

static bool add(struct list_sum *sum, struct decimal amount)
{
    unsigned digits = amount.scale > sum->digits ? amount.scale : sum->digits;
    if (!scale(&sum->units, digits - sum->digits)) return false;
    sum->digits = digits;
    return scale(&amount.coefficient, digits - amount.scale) &&
           decimal_accumulate(&sum->units, amount.coefficient);
}

void list_sums_add(struct list_sums *sums, const struct resource *resource,
                   const struct json *record)
{
    const struct fields *fields = &resource->fields;
    size_t total = fact_of_total(resource), currency = fact_of_kind(resource, FIELD_CURRENCY);
    struct decimal amount;
    if (total == fields->count || currency == fields->count || *fact_merged_into(record)) return;
    if (decimal_parse(fact_in(&fields->items[total], record), &amount) != DECIMAL_OK) return;
    struct list_sum *sum = sum_of(sums, fact_in(&fields->items[currency], record));
    if (!sum) return;
    sum->too_long = sum->too_long || !add(sum, amount);
    sums->records++;
}

const char *list_sum_text(const struct list_sum *sum, char text[GROUPED_SIZE])
{
    char plain[DECIMAL_TEXT_MAX];
    if (sum->too_long) return "\u2026";
    decimal_format(sum->units, sum->digits, plain);
    return grouped(plain, text);
}

const char *list_total_text(const struct resource *resource, const struct json *record,
                            char text[GROUPED_SIZE])
{
    return grouped(fact_at(resource, fact_of_total(resource), record), text);
}
