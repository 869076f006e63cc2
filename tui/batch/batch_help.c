#include "tui/batch/batch_help.h"

#include "tui/command/manual.h"
#include "tui/command/settings.h"
#include "tui/words/words.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct manual_entry before_settings[] = {
    {MANUAL_TITLE, "INVONCE-CREATE(1)"},
    {MANUAL_HEADING, N_("NAME")},
    {MANUAL_PARAGRAPH, N_("invonce create - create invoices from a file, each exactly once")},
    {MANUAL_HEADING, N_("SYNOPSIS")},
    {MANUAL_USAGE,
     N_("invonce create FILE.json|FILE.jsonl|FILE.csv|- [--key KEY] [--json] [OPTION]...")},
    {MANUAL_HEADING, N_("DESCRIPTION")},
    {MANUAL_PARAGRAPH,
     N_("Records are JSON: one, several behind one another, or an array of them. Each begins on a "
        "line of its own and has as many lines as it takes; in an array they may stand anyhow. "
        "What doesn't read is told, with its line, and the next line is looked at. A byte order "
        "mark at the beginning is passed over. What invonce show --json prints is taken too: id, "
        "status, totals and times are passed over.")},
    {MANUAL_PARAGRAPH,
     N_("FILE.csv, or with --csv any input, is CSV: the first line names the columns as a record "
        "names its members (number, issue_date, due_date, currency, customer.email, "
        "customer.name, description, quantity, unit_price, tax_rate, notes, external_ref.source, "
        "external_ref.id), then comes a row for each line of an invoice. Rows of one number, one "
        "behind the other, make one invoice; what "
        "is said of it, its number too, stands in the first of them, and may stand in the others. "
        "Where rows of one number stand apart, none is made. What is wrong is told with its row "
        "and column. What invonce list --csv prints is taken too.")},
    {MANUAL_PARAGRAPH,
     N_("Each record is put in the journal under a key of its own before it is sent, and is sent "
        "again, with that key, until there is an answer or the time for it is spent. How each "
        "ended is told on standard output, in the order of the input. A record that can't be read "
        "or breaks a rule is rejected, and stops no other.")},
    {MANUAL_PARAGRAPH,
     N_("What was cut short (Ctrl-C, a crash, unconfirmed records) goes on where the same input is "
        "given again: no record is made twice, and what was settled is told as it was. After a run "
        "that settled everything the same input is a new one. It is known by the hash of its "
        "bytes, so that standard input is read to its end first.")},
    {MANUAL_PARAGRAPH,
     N_("A number that an unconfirmed invoice waits for isn't sent: the record is told as "
        "unconfirmed, with that invoice's key. Settle it with: invonce outbox "
        "resume; then give the same input again. One that another invonce is sending just now is "
        "waited for.")},
    {MANUAL_HEADING, N_("EXAMPLE")},
    {MANUAL_USAGE,
     "{\"number\": \"2026-0042\", \"issue_date\": \"2026-11-22\", \"currency\": \"EUR\","},
    {MANUAL_USAGE,
     " \"customer\": {\"email\": \"ap@northwind.example\", \"name\": \"Northwind Ltd\"},"},
    {MANUAL_USAGE, " \"lines\": [{\"description\": \"Consulting\", \"quantity\": \"1.5\","},
    {MANUAL_USAGE, "            \"unit_price\": \"120.00\", \"tax_rate\": \"21\"}]}"},
    {MANUAL_PARAGRAPH, N_("Figures are texts, with a decimal point. due_date, notes, tax_rate and "
                          "the customer's name may be left out.")},
    {MANUAL_PARAGRAPH, N_("As CSV, an invoice of two lines:")},
    {MANUAL_USAGE, "number,issue_date,currency,customer.email,description,quantity,unit_price"},
    {MANUAL_USAGE, "2026-0042,2026-11-22,EUR,ap@northwind.example,Consulting,1.5,120.00"},
    {MANUAL_USAGE, "2026-0042,,,,Travel costs,1,89.00"},
    {MANUAL_HEADING, N_("OPTIONS")},
    {MANUAL_ITEM,
     N_("One JSON object a record: outcome (created, replayed, conflict, rejected or unconfirmed), "
        "key, attempts, invoice, problem, and line, or in an array record. A conflict with an "
        "original that is the same to the last member has same: true."),
     "--json"},
    {MANUAL_ITEM, N_("The input is CSV, whatever its name."), "--csv"},
    {MANUAL_ITEM, N_("In CSV, 1.234,50 is 1234.50."), "--decimal-comma"},
    {MANUAL_ITEM,
     N_("What stands between the cells of CSV, or tab. Without it: comma, semicolon or tab, "
        "whichever the first line has most of."),
     N_("--delimiter C")},
    {MANUAL_ITEM,
     N_("The idempotency key of the only record. Without it each record has the one in its member "
        "idempotency_key, or else a new one."),
     N_("--key KEY")},
};

static const struct manual_entry exit_status[] = {
    {MANUAL_HEADING, N_("EXIT STATUS")},
    {MANUAL_ITEM, N_("created, or replayed: an earlier attempt had created it"), "0"},
    {MANUAL_ITEM, N_("something else failed, such as a file that can't be read"), "1"},
    {MANUAL_ITEM, N_("the command line or a setting is wrong"), "2"},
    {MANUAL_ITEM, N_("conflict: the number is taken, the original stands"), "3"},
    {MANUAL_ITEM, N_("rejected"), "4"},
    {MANUAL_ITEM, N_("unconfirmed: it may or may not exist, and is kept in the outbox"), "5"},
    {MANUAL_PARAGRAPH,
     N_("128 and the signal's number: interrupted; the same command goes on from there\n"
        "Of several records the highest counts.")},
};

void batch_print_help(void)
{
    manual_print(stdout, before_settings, COUNT(before_settings));
    settings_print_help(stdout);
    manual_print(stdout, exit_status, COUNT(exit_status));
}
