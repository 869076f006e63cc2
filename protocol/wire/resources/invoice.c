#include "protocol/wire/resources/invoice.h"

#include "protocol/wire/currency.h"
#include "protocol/wire/decimal.h"
#include "protocol/wire/message.h"
#include "protocol/wire/resource_judge.h"

#define NO_TAX               "0"
#define MINOR_DIGITS_UNTYPED 2 /* while the currency isn't there yet */

static bool is_absent(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* --- totals --- */

struct line_decimals {
    struct decimal quantity, unit_price, tax_rate;
};

static const char *rate_of(const struct values_row *line)
{
    return is_absent(line->texts[LINE_TAX_RATE]) ? NO_TAX : line->texts[LINE_TAX_RATE];
}

static bool reads(const char *text, struct decimal *out)
{
    return text != NULL && decimal_parse(text, out) == DECIMAL_OK;
}

static bool read_line(const struct values_row *line, struct line_decimals *out)
{
    return reads(line->texts[LINE_QUANTITY], &out->quantity) &&
           reads(line->texts[LINE_UNIT_PRICE], &out->unit_price) &&
           reads(rate_of(line), &out->tax_rate);
}

/* Adds a line's net to its rate's share; a rate is one by value: 21 is 21.00. */
static bool add_to_rate(struct amounts *totals, struct decimal *rates, struct decimal rate,
                        const char *typed, int64_t net)
{
    size_t at = 0;
    while (at < totals->share_count && decimal_compare(rates[at], rate) != 0)
        at++;
    if (at == totals->share_count) {
        totals->shares[at] = (struct share){.rate = typed};
        rates[at] = rate;
        totals->share_count++;
    }
    return decimal_accumulate(&totals->shares[at].base, net);
}

/* BR-CO-14, BR-CO-15, BR-CO-17: a rate's tax is rounded once, on the sum. */
static bool add_taxes(struct amounts *totals, const struct decimal *rates)
{
    int64_t *fields = totals->fields;
    bool fits = true;
    for (size_t i = 0; i < totals->share_count; i++) {
        struct share *share = &totals->shares[i];
        fits = decimal_percent(share->base, rates[i], &share->amount) &&
               decimal_accumulate(&fields[INVOICE_TAX], share->amount) && fits;
    }
    fields[INVOICE_GROSS] = fields[INVOICE_NET];
    return decimal_accumulate(&fields[INVOICE_GROSS], fields[INVOICE_TAX]) && fits;
}

bool invoice_totals(const struct values *invoice, struct amounts *totals)
{
    struct decimal rates[INVOICE_LINES_MAX];
    const char *currency = invoice->texts[INVOICE_CURRENCY];
    int digits = is_absent(currency) ? -1 : currency_minor_digits(currency);
    int64_t *fields = totals->fields;
    bool fits = true;
    totals->digits = digits < 0 ? MINOR_DIGITS_UNTYPED : (unsigned)digits;
    totals->share_count = 0;
    fields[INVOICE_NET] = fields[INVOICE_TAX] = fields[INVOICE_GROSS] = 0;
    for (size_t i = 0; i < invoice->row_count && i < INVOICE_LINES_MAX; i++) {
        const struct values_row *line = &invoice->rows[i];
        struct line_decimals decimals;
        totals->has_row[i] = false;
        if (!read_line(line, &decimals)) continue;
        int64_t *net = &totals->rows[i];
        totals->has_row[i] =
            decimal_multiply(decimals.quantity, decimals.unit_price, totals->digits, net);
        fits = totals->has_row[i] &&
               add_to_rate(totals, rates, decimals.tax_rate, rate_of(line), *net) &&
               decimal_accumulate(&fields[INVOICE_NET], *net) && fits;
    }
    return add_taxes(totals, rates) && fits;
}

static void report_overflow(struct judge *judge, const struct place *place)
{
    judge_report(judge, place, "overflow", N_("%s comes to more than %d digits; make it smaller."),
                 judge_subject(judge, place), DECIMAL_DIGITS_MAX);
}

/* An amount of a line, or else a sum, is past 15 digits. */
static void check_totals(const struct values *invoice, struct judge *judge)
{
    struct amounts totals;
    struct line_decimals decimals;
    bool line_reported = false;
    if (invoice_totals(invoice, &totals)) return;
    for (size_t i = 0; i < invoice->row_count; i++) {
        if (totals.has_row[i] || !read_line(&invoice->rows[i], &decimals)) continue;
        const struct place place = {N_("The amount"), NULL, i + 1};
        report_overflow(judge, &place);
        line_reported = true;
    }
    const struct place sums = {N_("The sum of the lines"), resource_rows(&INVOICE), 0};
    if (!line_reported) report_overflow(judge, &sums);
}

/* --- the row --- */

#define PLACED(place, ...) [place] = {__VA_ARGS__},

static const struct field COLUMNS[] = {
#define COLUMN PLACED
#include "protocol/wire/resources/invoice_fields.def"
};

static const struct field INVOICE_FIELDS[] = {
#define FIELD PLACED
#include "protocol/wire/resources/invoice_fields.def"
};

static const struct unique_rule INVOICE_UNIQUE[] = {
    {.name = "number",
     .parts = {{"number", NULL, AS_FOLDED}, {"issue_date", NULL, BY_YEAR, "year"}},
     .slug = "invoice-number-taken",
     .title = "Invoice number taken",
     .taken = N_("This invoice number already exists. We kept the original and didn't create a "
                 "second one."),
     .advice = N_("Nothing that you typed is lost: go back, and change the number if this is "
                  "another invoice."),
     .advice_later = N_("Nothing that you typed is lost: take it back into the form, and change "
                        "the number if this is another invoice.")},
    {.name = "external_ref",
     .parts = {{"source", "external_ref", AS_TYPED, "external_ref.source"},
               {"id", "external_ref", AS_TYPED, "external_ref.id"}},
     .slug = "external-ref-taken",
     .title = "External reference taken",
     .taken = N_("This external reference already has an invoice. We kept the original and didn't "
                 "create a second one."),
     .advice = N_("Nothing that you typed is lost. Another number won't help: if this is another "
                  "invoice, its reference (from the file of --prefill) is what must change.")},
};

static const char *const INVOICE_WORDS[WORDS] = {
    [WORD_ONE] = N_("Invoice"),
    [WORD_NEW] = N_("New invoice"),
    [WORD_CREATE] = N_("Create invoice"),
    [WORD_CREATE_IT] = N_("Create this invoice? [y/N] "),
    [WORD_CREATED] = N_("Invoice created"),
    [WORD_IGNORED] = N_("Invoice created - we ignored the duplicate submission and kept your first "
                        "request."),
    [WORD_ORIGINAL] = N_("The original invoice"),
    [WORD_SAME] = N_("It is the same invoice, created %s by %s: nothing is missing."),
    [WORD_MAY_EXIST] = N_("Invoice %s may or may not exist: it was sent, and no answer came back "
                          "that could be believed."),
    [WORD_NOT_SENT] = N_("Invoice %s could not be sent: the server was not reached."),
    [WORD_NO_PLACE] = N_("The server has no place for invoices: is the address in --server the "
                         "right one? Nothing was created."),
    [WORD_TOO_LARGE] = N_("The invoice is too large for the server. Nothing was created."),
    [WORD_NO_ROW] = N_("An invoice has one line at least."),
    [WORD_RECENT] = N_("Recent invoices"),
    [WORD_NONE_YET] = N_("There is no invoice yet."),
};

const struct resource INVOICE =
    RESOURCE(INVOICE_FIELDS, INVOICE_UNIQUE, .name = "invoice", .path = "/v1/invoices",
             .id_prefix = "inv_", .not_an_object = N_("An invoice must be an object, not %s."),
             .alike = {{"email", "customer", AS_EMAIL},
                       {"issue_date", NULL, AS_TYPED},
                       {"gross", "totals", AS_TYPED},
                       {"currency", NULL, AS_TYPED}},
             .words = INVOICE_WORDS, .check = check_totals, .derive = invoice_totals);
