#include "tui/list/list.h"

#include "protocol/wire/clock.h"
#include "protocol/wire/date.h"
#include "protocol/wire/resources/invoice.h"
#include "tui/command/command_line.h"
#include "tui/command/csv_options.h"
#include "tui/command/manual.h"
#include "tui/list/filter.h"
#include "tui/list/pages.h"
#include "tui/list/reader.h"
#include "tui/list/rows.h"
#include "tui/words/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define PAGE_RECORDS 200

struct list {
    struct settings settings;
    struct filter filter;
    struct csv_options csv;
    struct rows rows;
    struct reader reader;
    int write_error; /* errno of what stdout couldn't take; 0: none */
};

static const struct manual_entry before_settings[] = {
    {MANUAL_TITLE, "INVONCE-LIST(1)"},
    {MANUAL_HEADING, N_("NAME")},
    {MANUAL_PARAGRAPH, N_("invonce list - the invoices that the server has")},
    {MANUAL_HEADING, N_("SYNOPSIS")},
    {MANUAL_USAGE, N_("invonce list [--since DATE] [--until DATE] [--customer TEXT]")},
    {MANUAL_USAGE, N_("             [--number TEXT] [--json|--csv] [OPTION]...")},
    {MANUAL_HEADING, N_("DESCRIPTION")},
    {MANUAL_PARAGRAPH,
     N_("Lists what the server has, newest first, all of it: a line each, or as JSON or CSV, on "
        "standard output. Merged invoices are left out; the ones that stand for them are there. "
        "What isn't answered is asked again, from where it was, as long as --retry-budget says.")},
    {MANUAL_PARAGRAPH,
     N_("CSV has a header, and a row for each line of an invoice; the sums stand in the first row "
        "alone, so that their column can be summed up. invonce create reads it back. A text that a "
        "spreadsheet would run as a formula (it begins with = + - or @) gets a ' in front, which "
        "create takes off again.")},
    {MANUAL_HEADING, N_("EXAMPLE")},
    {MANUAL_USAGE, "invonce list --since 2026-11-01 --until 2026-11-30 --csv >november.csv"},
    {MANUAL_HEADING, N_("OPTIONS")},
    {MANUAL_ITEM, N_("Only what was issued on that day (YYYY-MM-DD) or later."),
     N_("--since DATE")},
    {MANUAL_ITEM, N_("Only what was issued on that day or earlier."), N_("--until DATE")},
    {MANUAL_ITEM, N_("Only where the customer's name or e-mail holds this, in whatever case."),
     N_("--customer TEXT")},
    {MANUAL_ITEM, N_("Only where the number holds this, in whatever case."), N_("--number TEXT")},
    {MANUAL_ITEM, N_("Each invoice as the server has it, as JSON on a line of its own."), "--json"},
    {MANUAL_ITEM, N_("As CSV (RFC 4180)."), "--csv"},
    {MANUAL_ITEM,
     N_("In CSV, 1234.50 is 1234,50; cells stand between semicolons, unless --delimiter says "
        "otherwise."),
     "--decimal-comma"},
    {MANUAL_ITEM, N_("What stands between the cells of CSV, or tab."), N_("--delimiter C")},
};

static const struct manual_entry exit_status[] = {
    {MANUAL_HEADING, N_("EXIT STATUS")},
    {MANUAL_ITEM, N_("all of it was listed, were it nothing"), "0"},
    {MANUAL_ITEM, N_("something failed, such as the output that can't be written"), "1"},
    {MANUAL_ITEM, N_("the command line or a setting is wrong"), "2"},
    {MANUAL_ITEM, N_("the server can't be reached, or refuses: not all of it was listed"), "4"},
    {MANUAL_PARAGRAPH, N_("128 and the signal's number: interrupted")},
};

static void print_help(void)
{
    manual_print(stdout, before_settings, COUNT(before_settings));
    settings_print_help(stdout);
    manual_print(stdout, exit_status, COUNT(exit_status));
}

/* --- the course --- */

/* What is written to a terminal as well as the progress would be mixed with it. */
static bool put(void *context, const struct json *record)
{
    struct list *list = context;
    if (!filter_wants(&list->filter, list->rows.resource, record)) return true;
    if (rows_put(&list->rows, record)) return true;
    list->write_error = errno;
    return false;
}

static int written(struct list *list)
{
    if (list->write_error == 0 && fflush(stdout) == 0) return 0;
    if (list->write_error != 0) errno = list->write_error;
    return reader_unwritten();
}

static int read_all(struct list *list)
{
    struct answer answer = {0};
    char *query = filter_path(&list->filter, list->rows.resource, PAGE_RECORDS);
    if (!query) return command_line_failed(_("There is not enough memory."));
    if (!rows_begin(&list->rows)) list->write_error = errno;
    enum ask_end end = list->write_error != 0
                           ? ASK_ANSWERED
                           : pages_read(&list->reader.asker, query, put, list, &answer);
    free(query);
    int code = reader_end(&list->reader, end, &answer);
    int unwritten = written(list);
    return unwritten != 0 ? unwritten : code;
}

static int run(struct list *list)
{
    if (!filter_prepare(&list->filter))
        return command_line_failed(_("There is not enough memory."));
    int code = reader_open(&list->reader, &list->settings, !isatty(STDOUT_FILENO));
    if (code != 0) return code;
    code = read_all(list);
    reader_close(&list->reader);
    return code;
}

/* --- the command line --- */

static int take_form(struct list *list, enum rows_form form)
{
    bool both = list->rows.form != ROWS_TABLE && list->rows.form != form;
    if (both) return command_line_wrong(_("list: --json or --csv, not both"), "");
    list->rows.form = form;
    return 0;
}

static int take_day(const char *value, const char **day)
{
    struct date date;
    *day = value;
    return date_parse(value, &date)
               ? 0
               : command_line_wrong(_("not a day, write it as 2026-11-22: "), value);
}

/* One that has a value: 0 or the exit code, -1: it is none of these. */
static int take_value(struct list *list, char ***arguments)
{
    const struct {
        const char *flag;
        const char **value;
        bool is_day;
    } flags[] = {{"--since", &list->filter.since, true},
                 {"--until", &list->filter.until, true},
                 {"--customer", &list->filter.customer, false},
                 {"--number", &list->filter.number, false}};
    for (size_t i = 0; i < COUNT(flags); i++) {
        const char *value = command_line_value(arguments, flags[i].flag);
        if (!value) continue;
        *flags[i].value = value;
        return flags[i].is_day ? take_day(value, flags[i].value) : command_line_text(value);
    }
    return -1;
}

static int take_argument(struct list *list, char ***arguments)
{
    const char *argument = **arguments;
    int code = take_value(list, arguments);
    if (code < 0) code = csv_options_take(&list->csv, arguments);
    if (code >= 0) return code;
    bool json = strcmp(argument, "--json") == 0;
    if (!json && strcmp(argument, "--csv") != 0)
        return command_line_setting(&list->settings, arguments);
    ++*arguments;
    return take_form(list, json ? ROWS_JSON : ROWS_CSV);
}

static int check(struct list *list)
{
    const struct filter *filter = &list->filter;
    if (filter->since && filter->until && strcmp(filter->since, filter->until) > 0)
        return command_line_wrong(_("--since is a later day than --until"), "");
    int code = csv_options_check(&list->csv, list->rows.form == ROWS_CSV);
    list->rows.csv = csv_options_form(&list->csv);
    if (list->rows.csv.delimiter == '\0')
        list->rows.csv.delimiter = list->rows.csv.decimal_comma ? ';' : ',';
    return code != 0 ? code : reader_settings(&list->settings);
}

static int read_and_run(struct list *list, char **arguments)
{
    while (*arguments) {
        int code = take_argument(list, &arguments);
        if (code != 0) return code;
    }
    int code = check(list);
    return code != 0 ? code : run(list);
}

int list_main(char **arguments)
{
    struct list list = {.rows = {.out = stdout, .resource = &INVOICE}};
    if (command_line_has(arguments, "--help")) {
        print_help();
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    int code = read_and_run(&list, arguments);
    filter_clear(&list.filter);
    settings_clear(&list.settings);
    return code;
}
