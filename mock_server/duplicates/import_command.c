#include "mock_server/duplicates/commands.h"
#include "mock_server/duplicates/import.h"

#include <string.h>

#define SOURCE_MAX 60 /* bytes: it stands in keys and references */

static struct import import = {.task.resource = "invoice", .source = "legacy"};

static const char *take_delimiter(const struct option_row *row, char *argument)
{
    (void)row;
    bool is_tab = strcmp(argument, "tab") == 0;
    import.form.form.delimiter = is_tab ? '\t' : argument[0];
    return is_tab || (argument[0] > ' ' && argument[0] != '"' && argument[0] < 0x7f && !argument[1])
               ? NULL
               : "expected a character, or tab";
}

static const struct option_row OPTIONS[] = {
    TASK_OPTIONS(import.task),
    {"source", "NAME", take_text,
     "What the records' own ids are ids of: an id becomes the external\n"
     "reference of a record that has none. Default: legacy",
     &import.source},
    {"csv", NULL, take_flag, "The file is CSV, whatever its name.", &import.form.csv},
    {"decimal-comma", NULL, take_flag, "In CSV, 1.234,50 is 1234.50.",
     &import.form.form.decimal_comma},
    {"delimiter", "C", take_delimiter,
     "What stands between the cells of CSV; or tab. Default: comma,\n"
     "semicolon or tab, whichever the first line has most of"},
    {"rejects", "FILE", take_text,
     "Where what is rejected goes. Default: the file's name and .rejects", &import.rejects},
    {"dry-run", NULL, take_flag, "Read and judge all of it, and write nothing but the rejects.",
     &import.task.dry_run},
};

static const char INTRODUCTION[] =
    "NAME\n"
    "    " PROGRAM " import - take over the records of another system\n"
    "\n"
    "SYNOPSIS\n"
    "    " PROGRAM " import --store URL --tenant NAME [OPTION]... FILE\n"
    "\n"
    "DESCRIPTION\n"
    "    Reads records from FILE (-: standard input), duplicates and all, and writes\n"
    "    each once: the same file again, or after a crash, writes nothing twice. Of\n"
    "    those that share what must be unique the oldest has it, and the others stand\n"
    "    beside it until \"duplicates merge\" comes. Servers may run meanwhile.\n"
    "\n"
    "    JSON Lines: a record a line, as POST /v1/invoices takes it. It may also have\n"
    "    id, created_at, created_by, and payments: [{amount, paid_at, currency,\n"
    "    provider, event_id}], the last three optional. What the server derives (net,\n"
    "    totals) may stand there; where it differs the record is rejected. Lines that\n"
    "    begin with # are passed over. All on one line:\n"
    "\n"
    "    {\"number\": \"2024-1\", \"issue_date\": \"2024-03-04\", \"currency\": \"EUR\",\n"
    "     \"customer\": {\"email\": \"ap@northwind.example\", \"name\": \"Northwind Ltd\"},\n"
    "     \"lines\": [{\"description\": \"Consulting\", \"quantity\": \"1.5\",\n"
    "                \"unit_price\": \"120.00\", \"tax_rate\": \"21\"}],\n"
    "     \"id\": \"18\", \"created_at\": \"2024-03-09\", \"created_by\": \"ana\",\n"
    "     \"payments\": [{\"amount\": \"217.80\", \"paid_at\": \"2024-04-02\"}]}\n"
    "\n"
    "    A payment is one by its provider and event_id, whichever record has it: give\n"
    "    an event_id only where no other payment of that provider has the same.\n"
    "\n"
    "    CSV, where the name ends in .csv or --csv is given: the first line names the\n"
    "    columns: number, issue_date, due_date, currency, customer.email,\n"
    "    customer.name, notes, external_ref.id ..., description, quantity,\n"
    "    unit_price, tax_rate, payment.amount, payment.paid_at ..., id, created_at,\n"
    "    created_by. A row for each line of an invoice; rows that say the same of\n"
    "    their invoice belong together, one behind the other. UTF-8. What \"invonce list\n"
    "    --csv\" writes is read: a ' in front of what looks like a formula is taken off.\n"
    "\n"
    "    A record that is invalid is rejected: standard error names its line and the\n"
    "    reason, and it goes to a file, as it was, behind its reason. Mend that file,\n"
    "    and import it.\n"
    "\n"
    "OPTIONS\n";

static const char CONCLUSION[] =
    "EXIT STATUS\n"
    "    0  all of it is in the store\n"
    "    1  failed, or stopped by a signal: the same command goes on where it was\n"
    "    2  the command line, the file or the store was refused\n"
    "    4  all but what was rejected, and payments that were left out\n"
    "\n"
    "EXAMPLES\n"
    "    " PROGRAM " import --store sqlite:invonce.db --tenant north old.jsonl\n"
    "    " PROGRAM " import --tenant north --decimal-comma --source sage faturas.csv\n"
    "\n"
    "SEE ALSO\n"
    "    " PROGRAM " duplicates --help\n";

static bool ends_in_csv(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcasecmp(name + length - 4, ".csv") == 0;
}

static bool check(void)
{
    if (!import.file) {
        refuse("import needs the name of a file, or -; import --help shows how to call it");
        return false;
    }
    if (!import.source[0] || strlen(import.source) > SOURCE_MAX ||
        strpbrk(import.source, " \t\r\n")) {
        refuse("--source: expected a name of 60 bytes at most, without blanks");
        return false;
    }
    import.form.csv = import.form.csv || ends_in_csv(import.file);
    if (!import.form.csv && (import.form.form.delimiter || import.form.form.decimal_comma)) {
        refuse("--delimiter and --decimal-comma are for CSV: see --csv");
        return false;
    }
    if (!task_check(&import.task)) {
        return false;
    }
    if (!import.task.kept.resource->unique[0].slug) {
        refuse("--resource: records of %s come with others", import.task.resource);
        return false;
    }
    return true;
}

static int run(void)
{
    return import_run(&import);
}

const struct command import_command = {
    .name = "import",
    .options = OPTIONS,
    .option_count = sizeof OPTIONS / sizeof OPTIONS[0],
    .introduction = INTRODUCTION,
    .conclusion = CONCLUSION,
    .operands = &import.file,
    .operands_max = 1,
    .check = check,
    .run = run,
};
