#include "tui/form/comparison.h"

#include "protocol/wire/decimal.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *label;
    size_t member; /* in struct invoice */
} members[] = {
    {N_("Number"), offsetof(struct invoice, number)},
    {N_("Issue date"), offsetof(struct invoice, issue_date)},
    {N_("Due date"), offsetof(struct invoice, due_date)},
    {N_("Customer e-mail"), offsetof(struct invoice, customer_email)},
    {N_("Customer name"), offsetof(struct invoice, customer_name)},
    {N_("Notes"), offsetof(struct invoice, notes)},
};

static const char *member_of(const struct invoice *invoice, size_t offset)
{
    const char *text = *(const char *const *)(const void *)((const char *)invoice + offset);
    return text ? text : "";
}

static void add(struct comparison *comparison, const char *label, const char *original,
                const char *typed)
{
    comparison->rows[comparison->count++] = (struct comparison_row){label, original, typed};
}

/* What the lines come to: "2 lines, 323.71 EUR". */
static void describe_sum(const struct invoice *invoice, char text[COMPARISON_TEXT_SIZE])
{
    struct invoice_totals totals;
    char gross[DECIMAL_TEXT_MAX] = "";
    if (invoice_totals(invoice, &totals)) decimal_format(totals.gross, totals.minor_digits, gross);
    snprintf(text, COMPARISON_TEXT_SIZE,
             words_plural("%zu line, %s %.8s", "%zu lines, %s %.8s", invoice->line_count),
             invoice->line_count, gross, invoice->currency ? invoice->currency : "");
}

static void describe_reference(const struct invoice *invoice, char text[COMPARISON_TEXT_SIZE])
{
    text[0] = '\0';
    if (!invoice->external_source || !invoice->external_id) return;
    snprintf(text, COMPARISON_TEXT_SIZE, "%s %s", invoice->external_source, invoice->external_id);
}

void comparison_make(const struct invoice *original, const struct invoice *typed,
                     struct comparison *comparison)
{
    const struct invoice *both[2] = {original, typed};
    comparison->count = 0;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        add(comparison, _(members[i].label), member_of(original, members[i].member),
            member_of(typed, members[i].member));
    for (size_t i = 0; i < 2; i++) {
        describe_sum(both[i], comparison->totals[i]);
        describe_reference(both[i], comparison->references[i]);
    }
    add(comparison, _("Total"), comparison->totals[0], comparison->totals[1]);
    if (*comparison->references[0] || *comparison->references[1])
        add(comparison, _("Reference"), comparison->references[0], comparison->references[1]);
}

bool comparison_differs(const struct comparison_row *row)
{
    return strcmp(row->original, row->typed) != 0;
}
