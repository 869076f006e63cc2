#include "protocol/wire/invoice.h"

#include "protocol/wire/currency.h"
#include "protocol/wire/date.h"
#include "protocol/wire/message.h"
#include "protocol/wire/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define POINTER_SIZE         64
#define SUBJECT_SIZE         64
#define SENTENCE_SIZE        400
#define MINOR_DIGITS_UNTYPED 2 /* while the currency isn't there yet */

static const char NO_TAX[] = "0";

/* Rules are asked of what was read. A member whose shape was refused before them, and all within
 * it, is passed over: its one violation says enough. */
struct judge {
    struct violations *violations;
    size_t shape_count;
    char subject[SUBJECT_SIZE];
};

/* Where a text stands, in words and as a JSON pointer: on the invoice (line 0), or on a line. */
struct place {
    const char *name;    /* "The quantity" */
    const char *pointer; /* "/quantity": from the line when there is one */
    size_t line;         /* from 1 */
};

static bool is_absent(const char *text)
{
    return text == NULL || text[0] == '\0';
}

static bool shape_was_refused(const struct judge *judge, const char *pointer)
{
    for (size_t i = 0; i < judge->shape_count; i++) {
        const struct violation *refused = &judge->violations->items[i];
        size_t length = strlen(refused->pointer);
        if (strcmp(refused->code, "unknown-member") != 0 &&
            strncmp(pointer, refused->pointer, length) == 0 &&
            (pointer[length] == '\0' || pointer[length] == '/'))
            return true;
    }
    return false;
}

/* What a sentence about that place begins with: "The quantity of line 2". */
static const char *subject(struct judge *judge, const struct place *place)
{
    if (place->line == 0) return place->name;
    snprintf(judge->subject, sizeof judge->subject, N_("%s of line %zu"), place->name, place->line);
    return judge->subject;
}

__attribute__((format(printf, 4, 5))) static void
report(struct judge *judge, const struct place *place, const char *code, const char *format, ...)
{
    char pointer[POINTER_SIZE], sentence[SENTENCE_SIZE];
    if (place->line == 0)
        snprintf(pointer, sizeof pointer, "%s", place->pointer);
    else
        snprintf(pointer, sizeof pointer, "/lines/%zu%s", place->line - 1, place->pointer);
    if (shape_was_refused(judge, pointer)) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    violations_add(judge->violations, pointer, code, "%s", sentence);
}

static bool check_required(struct judge *judge, const struct place *place, const char *text)
{
    if (!is_absent(text) && !text_is_blank(text)) return true;
    report(judge, place, "required", N_("%s is required."), subject(judge, place));
    return false;
}

static void check_text(struct judge *judge, const struct place *place, const char *text, size_t max,
                       enum text_lines lines)
{
    if (text_has_control(text, lines) && lines == TEXT_MANY_LINES)
        report(judge, place, "control-character",
               N_("%s holds a control character other than a line break; leave it out."),
               subject(judge, place));
    else if (text_has_control(text, lines))
        report(judge, place, "control-character", N_("%s holds a control character; leave it out."),
               subject(judge, place));
    size_t length = text_length(text);
    if (length > max)
        report(judge, place, "too-long", N_("%s has %zu characters; %zu are the most."),
               subject(judge, place), length, max);
}

struct text_rule {
    struct place place;
    size_t offset; /* in struct invoice */
    size_t max;
    bool required;
    enum text_lines lines;
};

static const struct text_rule TEXT_RULES[] = {
    {{N_("The number"), "/number"},
     offsetof(struct invoice, number),
     INVOICE_NUMBER_MAX,
     true,
     TEXT_ONE_LINE},
    {{N_("The customer's name"), "/customer/name"},
     offsetof(struct invoice, customer_name),
     INVOICE_NAME_MAX,
     false,
     TEXT_ONE_LINE},
    {{N_("The text of the notes"), "/notes"},
     offsetof(struct invoice, notes),
     INVOICE_NOTES_MAX,
     false,
     TEXT_MANY_LINES},
};

static const char *text_at(const void *record, size_t offset)
{
    return *(const char *const *)((const char *)record + offset);
}

static void check_texts(struct judge *judge, const struct invoice *invoice)
{
    for (size_t i = 0; i < COUNT(TEXT_RULES); i++) {
        const struct text_rule *rule = &TEXT_RULES[i];
        const char *text = text_at(invoice, rule->offset);
        if (rule->required && !check_required(judge, &rule->place, text)) continue;
        if (text != NULL) check_text(judge, &rule->place, text, rule->max, rule->lines);
    }
}

static bool check_date(struct judge *judge, const struct place *place, const char *text)
{
    struct date date;
    if (date_parse(text, &date)) return true;
    char excerpt[TEXT_EXCERPT_SIZE];
    text_excerpt(text, excerpt);
    report(judge, place, "not-a-date",
           N_("%s is not a day of the calendar (\"%s\"); write it as YYYY-MM-DD."),
           subject(judge, place), excerpt);
    return false;
}

static void check_dates(struct judge *judge, const struct invoice *invoice)
{
    static const struct place ISSUE = {N_("The issue date"), "/issue_date"};
    static const struct place DUE = {N_("The due date"), "/due_date"};
    bool issue_reads = check_required(judge, &ISSUE, invoice->issue_date) &&
                       check_date(judge, &ISSUE, invoice->issue_date);
    if (is_absent(invoice->due_date) || !check_date(judge, &DUE, invoice->due_date)) return;
    if (issue_reads && strcmp(invoice->due_date, invoice->issue_date) < 0)
        report(judge, &DUE, "before-issue-date",
               N_("%s is before the issue date; write that day or a later one."),
               subject(judge, &DUE));
}

static void check_currency(struct judge *judge, const char *code)
{
    static const struct place PLACE = {N_("The currency"), "/currency"};
    if (!check_required(judge, &PLACE, code) || currency_minor_digits(code) >= 0) return;
    char excerpt[TEXT_EXCERPT_SIZE];
    text_excerpt(code, excerpt);
    report(judge, &PLACE, "not-a-currency",
           N_("%s is not a code of ISO 4217 (\"%s\"); write three capital letters, such as EUR."),
           subject(judge, &PLACE), excerpt);
}

/* What stands around addresses in what is copied: <ana@example.com>; mailto:ana@example.com. An
 * address with one of these in it would have to quote it (RFC 5321 section 4.1.2, which advises
 * against such addresses). */
#define NOT_IN_EMAILS "<>;,:\""

/* One @, something before it, and after it labels with dots between them. */
static bool has_email_form(const char *email)
{
    const char *at = strchr(email, '@');
    if (at == NULL || at == email || strchr(at + 1, '@') != NULL) return false;
    if (strpbrk(email, NOT_IN_EMAILS) != NULL) return false;
    const char *domain = at + 1;
    size_t length = strlen(domain);
    return length > 0 && domain[0] != '.' && domain[length - 1] != '.' &&
           strchr(domain, '.') != NULL && strstr(domain, "..") == NULL;
}

static void check_email(struct judge *judge, const struct place *place, const char *email)
{
    if (!check_required(judge, place, email)) return;
    check_text(judge, place, email, INVOICE_EMAIL_MAX, TEXT_ONE_LINE);
    if (has_email_form(email) && !text_has_white_space(email)) return;
    char excerpt[TEXT_EXCERPT_SIZE];
    text_excerpt(email, excerpt);
    report(judge, place, "not-an-email",
           N_("%s is not an e-mail address (\"%s\"); write it as name@example.com."),
           subject(judge, place), excerpt);
}

/* An absent reference has neither member, or two empty ones where a form had nothing to say. */
static void check_external_ref(struct judge *judge, const struct invoice *invoice)
{
    static const struct place PLACES[] = {
        {N_("The source of the external reference"), "/external_ref/source"},
        {N_("The id of the external reference"), "/external_ref/id"},
    };
    const char *texts[] = {invoice->external_source, invoice->external_id};
    if (is_absent(texts[0]) && is_absent(texts[1])) return;
    for (size_t i = 0; i < COUNT(PLACES); i++)
        if (check_required(judge, &PLACES[i], texts[i]))
            check_text(judge, &PLACES[i], texts[i], INVOICE_EXTERNAL_MAX, TEXT_ONE_LINE);
}

static void check_quantity(struct judge *judge, const struct place *place, struct decimal value)
{
    if (value.coefficient == 0)
        report(judge, place, "out-of-range",
               N_("%s is zero; leave the line out, or write a negative quantity to credit."),
               subject(judge, place));
}

static void check_price(struct judge *judge, const struct place *place, struct decimal value)
{
    if (value.coefficient < 0)
        report(judge, place, "out-of-range",
               N_("%s is negative; to credit, make the quantity negative instead."),
               subject(judge, place));
}

static void check_rate(struct judge *judge, const struct place *place, struct decimal value)
{
    if (value.coefficient < 0 || decimal_compare(value, (struct decimal){100, 0}) > 0)
        report(judge, place, "out-of-range", N_("%s is a percentage; write 0 to 100."),
               subject(judge, place));
}

struct decimal_rule {
    const char *name, *pointer;
    size_t offset; /* in struct invoice_line */
    bool required;
    unsigned decimals;
    void (*check_range)(struct judge *judge, const struct place *place, struct decimal value);
    const char *form; /* the end of a sentence */
};

static const struct decimal_rule DECIMAL_RULES[] = {
    {N_("The quantity"), "/quantity", offsetof(struct invoice_line, quantity), true,
     INVOICE_QUANTITY_DECIMALS, check_quantity, N_("write it as 1.5 or -2.")},
    {N_("The unit price"), "/unit_price", offsetof(struct invoice_line, unit_price), true,
     INVOICE_PRICE_DECIMALS, check_price, N_("write it as 120.00.")},
    {N_("The tax rate"), "/tax_rate", offsetof(struct invoice_line, tax_rate), false,
     INVOICE_RATE_DECIMALS, check_rate, N_("write it as 21 or 5.5.")},
};

static void check_decimal(struct judge *judge, const struct decimal_rule *rule, const char *text,
                          size_t line)
{
    const struct place place = {rule->name, rule->pointer, line};
    char excerpt[TEXT_EXCERPT_SIZE];
    struct decimal value;
    if (is_absent(text) && !rule->required) return;
    if (!check_required(judge, &place, text)) return;
    switch (decimal_parse(text, &value)) {
    case DECIMAL_MALFORMED:
        text_excerpt(text, excerpt);
        report(judge, &place, "not-a-decimal", N_("%s is not a decimal number (\"%s\"); %s"),
               subject(judge, &place), excerpt, rule->form);
        return;
    case DECIMAL_TOO_LONG:
        report(judge, &place, "too-long", N_("%s has too many digits; %d are the most."),
               subject(judge, &place), DECIMAL_DIGITS_MAX);
        return;
    case DECIMAL_OK:
        break;
    }
    if (value.scale > rule->decimals)
        report(judge, &place, "too-many-decimals", N_("%s has %u decimals; %u are the most."),
               subject(judge, &place), value.scale, rule->decimals);
    rule->check_range(judge, &place, value);
}

static void check_line(struct judge *judge, const struct invoice_line *line, size_t number)
{
    const struct place description = {N_("The description"), "/description", number};
    if (check_required(judge, &description, line->description))
        check_text(judge, &description, line->description, INVOICE_DESCRIPTION_MAX, TEXT_ONE_LINE);
    for (size_t i = 0; i < COUNT(DECIMAL_RULES); i++)
        check_decimal(judge, &DECIMAL_RULES[i], text_at(line, DECIMAL_RULES[i].offset), number);
}

struct line_decimals {
    struct decimal quantity, unit_price, tax_rate;
};

static const char *rate_of(const struct invoice_line *line)
{
    return is_absent(line->tax_rate) ? NO_TAX : line->tax_rate;
}

static bool read_line(const struct invoice_line *line, struct line_decimals *out)
{
    return line->quantity != NULL && decimal_parse(line->quantity, &out->quantity) == DECIMAL_OK &&
           line->unit_price != NULL &&
           decimal_parse(line->unit_price, &out->unit_price) == DECIMAL_OK &&
           decimal_parse(rate_of(line), &out->tax_rate) == DECIMAL_OK;
}

static void report_overflow(struct judge *judge, const struct place *place)
{
    report(judge, place, "overflow", N_("%s comes to more than %d digits; make it smaller."),
           subject(judge, place), DECIMAL_DIGITS_MAX);
}

/* An amount of a line, or else a sum, is past 15 digits. */
static void check_totals(struct judge *judge, const struct invoice *invoice)
{
    struct invoice_totals totals;
    struct line_decimals decimals;
    bool line_reported = false;
    if (invoice_totals(invoice, &totals)) return;
    for (size_t i = 0; i < invoice->line_count; i++) {
        if (totals.line_has_net[i] || !read_line(&invoice->lines[i], &decimals)) continue;
        const struct place place = {N_("The amount"), "", i + 1};
        report_overflow(judge, &place);
        line_reported = true;
    }
    const struct place sums = {N_("The sum of the lines"), "/lines", 0};
    if (!line_reported) report_overflow(judge, &sums);
}

static void check_lines(struct judge *judge, const struct invoice *invoice)
{
    static const struct place PLACE = {N_("The list of lines"), "/lines"};
    if (invoice->line_count == 0) {
        report(judge, &PLACE, "required", N_("%s is empty; write 1 to %d lines."),
               subject(judge, &PLACE), INVOICE_LINES_MAX);
    } else if (invoice->line_count > INVOICE_LINES_MAX) {
        report(judge, &PLACE, "too-many", N_("%s has %zu lines; %d are the most."),
               subject(judge, &PLACE), invoice->line_count, INVOICE_LINES_MAX);
    } else {
        for (size_t i = 0; i < invoice->line_count; i++)
            check_line(judge, &invoice->lines[i], i + 1);
        check_totals(judge, invoice);
    }
}

bool invoice_validate(const struct invoice *invoice, struct violations *violations)
{
    struct judge judge = {.violations = violations, .shape_count = violations->count};
    static const struct place EMAIL = {N_("The customer's e-mail"), "/customer/email"};
    check_texts(&judge, invoice);
    check_dates(&judge, invoice);
    check_currency(&judge, invoice->currency);
    check_email(&judge, &EMAIL, invoice->customer_email);
    check_lines(&judge, invoice);
    check_external_ref(&judge, invoice);
    return violations->count == judge.shape_count && !violations->out_of_memory;
}

void invoice_validate_email(const char *email, const char *pointer, struct violations *violations)
{
    struct judge judge = {.violations = violations, .shape_count = violations->count};
    const struct place place = {N_("The e-mail"), pointer};
    check_email(&judge, &place, email);
}

/* Adds a line's net to its rate's row; a rate is one by value: 21 is 21.00. */
static bool add_to_rate(struct invoice_totals *totals, struct decimal *rates, struct decimal rate,
                        const char *typed, int64_t net)
{
    size_t row = 0;
    while (row < totals->tax_count && decimal_compare(rates[row], rate) != 0)
        row++;
    if (row == totals->tax_count) {
        totals->taxes[row] = (struct invoice_tax){.rate = typed};
        rates[row] = rate;
        totals->tax_count++;
    }
    return decimal_accumulate(&totals->taxes[row].net, net);
}

/* BR-CO-14, BR-CO-15, BR-CO-17. */
static bool add_taxes(struct invoice_totals *totals, const struct decimal *rates)
{
    bool fits = true;
    for (size_t i = 0; i < totals->tax_count; i++) {
        struct invoice_tax *row = &totals->taxes[i];
        fits = decimal_percent(row->net, rates[i], &row->tax) &&
               decimal_accumulate(&totals->tax, row->tax) && fits;
    }
    totals->gross = totals->net;
    return decimal_accumulate(&totals->gross, totals->tax) && fits;
}

bool invoice_totals(const struct invoice *invoice, struct invoice_totals *totals)
{
    struct decimal rates[INVOICE_LINES_MAX];
    int digits = is_absent(invoice->currency) ? -1 : currency_minor_digits(invoice->currency);
    bool fits = true;
    totals->minor_digits = digits < 0 ? MINOR_DIGITS_UNTYPED : (unsigned)digits;
    totals->tax_count = 0;
    totals->net = totals->tax = totals->gross = 0;
    for (size_t i = 0; i < invoice->line_count && i < INVOICE_LINES_MAX; i++) {
        const struct invoice_line *line = &invoice->lines[i];
        struct line_decimals decimals;
        totals->line_has_net[i] = false;
        if (!read_line(line, &decimals)) continue;
        int64_t *net = &totals->line_net[i];
        totals->line_has_net[i] =
            decimal_multiply(decimals.quantity, decimals.unit_price, totals->minor_digits, net);
        fits = totals->line_has_net[i] &&
               add_to_rate(totals, rates, decimals.tax_rate, rate_of(line), *net) &&
               decimal_accumulate(&totals->net, *net) && fits;
    }
    return add_taxes(totals, rates) && fits;
}

int invoice_year(const struct invoice *invoice)
{
    struct date date;
    return !is_absent(invoice->issue_date) && date_parse(invoice->issue_date, &date) ? date.year
                                                                                     : 0;
}
