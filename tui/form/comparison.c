#include "tui/form/comparison.h"

#include "protocol/wire/decimal.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *label;
    enum invoice_field member;
} members[] = {
    {N_("Number"), INVOICE_NUMBER},      {N_("Issue date"), INVOICE_ISSUE_DATE},
    {N_("Due date"), INVOICE_DUE_DATE},  {N_("Customer e-mail"), INVOICE_EMAIL},
    {N_("Customer name"), INVOICE_NAME}, {N_("Notes"), INVOICE_NOTES},
};

static const char *member_of(const struct values *invoice, enum invoice_field member)
{
    const char *text = invoice->texts[member];
    return text ? text : "";
}

static void add(struct comparison *comparison, const char *label, const char *original,
                const char *typed)
{
    comparison->rows[comparison->count++] = (struct comparison_row){label, original, typed};
}

/* What the lines come to: "2 lines, 323.71 EUR". */
static void describe_sum(const struct values *invoice, char text[COMPARISON_TEXT_SIZE])
{
    struct invoice_totals totals;
    char gross[DECIMAL_TEXT_MAX] = "";
    if (invoice_totals(invoice, &totals)) decimal_format(totals.gross, totals.minor_digits, gross);
    snprintf(text, COMPARISON_TEXT_SIZE,
             words_plural("%zu line, %s %.8s", "%zu lines, %s %.8s", invoice->row_count),
             invoice->row_count, gross,
             invoice->texts[INVOICE_CURRENCY] ? invoice->texts[INVOICE_CURRENCY] : "");
}

static void describe_reference(const struct values *invoice, char text[COMPARISON_TEXT_SIZE])
{
    text[0] = '\0';
    if (!invoice->texts[INVOICE_EXTERNAL_SOURCE] || !invoice->texts[INVOICE_EXTERNAL_ID]) return;
    snprintf(text, COMPARISON_TEXT_SIZE, "%s %s", invoice->texts[INVOICE_EXTERNAL_SOURCE],
             invoice->texts[INVOICE_EXTERNAL_ID]);
}

void comparison_make(const struct values *original, const struct values *typed,
                     struct comparison *comparison)
{
    const struct values *both[2] = {original, typed};
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
