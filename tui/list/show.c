#include "tui/list/show.h"

#include "protocol/wire/resources/invoice.h"
#include "protocol/wire/text.h"
#include "tui/command/command_line.h"
#include "tui/command/manual.h"
#include "tui/form/facts.h"
#include "tui/form/page.h"
#include "tui/form/query.h"
#include "tui/list/pages.h"
#include "tui/list/reader.h"
#include "tui/words/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define PAYMENTS      "/v1/payments?limit=200&invoice=" /* of an id */
#define PAYMENTS_MAX  1000
#define SENTENCE_SIZE 400

struct show {
    struct settings settings;
    const struct resource *resource;
    const char *wanted; /* a number or an id */
    bool json;
    struct reader reader;
    struct json *found;    /* the record; NULL: not found yet */
    struct json *payments; /* an array */
    struct buffer others;  /* ids of those that have the number too, in other years */
    size_t count;          /* of those that have it and stand for themselves */
};

static const struct manual_entry before_settings[] = {
    {MANUAL_TITLE, "INVONCE-SHOW(1)"},
    {MANUAL_HEADING, N_("NAME")},
    {MANUAL_PARAGRAPH, N_("invonce show - one invoice that the server has")},
    {MANUAL_HEADING, N_("SYNOPSIS")},
    {MANUAL_USAGE, N_("invonce show NUMBER|ID [--json|--text] [OPTION]...")},
    {MANUAL_HEADING, N_("DESCRIPTION")},
    {MANUAL_PARAGRAPH,
     N_("Shows the invoice with that number, or that id (inv_1007), on standard output: as the "
        "page that one prints, with its payments, or as JSON. Numbers are compared as people "
        "compare them. A merged invoice says which one stands for it.")},
    {MANUAL_PARAGRAPH,
     N_("What --json gives, invonce create and --prefill take: what the server made of it is "
        "passed over.")},
    {MANUAL_HEADING, N_("EXAMPLE")},
    {MANUAL_USAGE, "invonce show 2026-0042 | lp"},
    {MANUAL_HEADING, N_("OPTIONS")},
    {MANUAL_ITEM, N_("The invoice as the server has it, as JSON on one line."), "--json"},
    {MANUAL_ITEM, N_("The page, 80 columns wide; so it is without this, too."), "--text"},
};

static const struct manual_entry exit_status[] = {
    {MANUAL_HEADING, N_("EXIT STATUS")},
    {MANUAL_ITEM, N_("it was shown"), "0"},
    {MANUAL_ITEM, N_("there is no such invoice, or more than one; or something failed"), "1"},
    {MANUAL_ITEM, N_("the command line or a setting is wrong"), "2"},
    {MANUAL_ITEM, N_("the server can't be reached, or refuses"), "4"},
    {MANUAL_PARAGRAPH, N_("128 and the signal's number: interrupted")},
};

static void print_help(void)
{
    manual_print(stdout, before_settings, COUNT(before_settings));
    settings_print_help(stdout);
    manual_print(stdout, exit_status, COUNT(exit_status));
}

/* --- finding it --- */

static char *path_of(const char *before, const char *text, const char *behind)
{
    char *path = NULL, *encoded = query_encode(text);
    if (encoded && asprintf(&path, "%s%s%s", before, encoded, behind) < 0) path = NULL;
    free(encoded);
    return path;
}

static bool is_id(const struct resource *resource, const char *wanted)
{
    size_t length = strlen(resource->id_prefix);
    const char *digits = wanted + length;
    return strncmp(wanted, resource->id_prefix, length) == 0 && *digits &&
           digits[strspn(digits, "0123456789")] == '\0';
}

/* ASK_ABSENT: there is none. */
static enum ask_end find_by_id(struct show *show, struct answer *answer)
{
    char before[64];
    snprintf(before, sizeof before, "%.60s/", show->resource->path);
    char *path = path_of(before, show->wanted, "");
    if (!path) return ASK_FAILED;
    enum ask_end end = ask(&show->reader.asker, path, answer);
    free(path);
    show->found = answer->json;
    answer->json = NULL;
    return end;
}

/* One that stands for itself goes before those that are merged. */
static bool take_numbered(void *context, const struct json *record)
{
    struct show *show = context;
    bool is_merged = *fact_merged_into(record);
    if (is_merged && show->found) return true;
    if (!is_merged) {
        buffer_printf(&show->others, "%s%s", show->count > 0 ? ", " : "",
                      fact_text(json_text(record, "id")));
        if (show->count++ > 0) return true;
    }
    json_free(show->found);
    show->found = json_copy(record);
    return show->found != NULL;
}

static enum ask_end find_by_number(struct show *show, struct answer *answer)
{
    char before[128];
    snprintf(before, sizeof before, "%.60s?status=any&limit=100&%.40s=", show->resource->path,
             unique_part_called(&show->resource->unique[0].parts[0]));
    char *path = path_of(before, show->wanted, "");
    if (!path) return ASK_FAILED;
    enum ask_end end = pages_read(&show->reader.asker, path, take_numbered, show, answer);
    free(path);
    return end == ASK_ANSWERED && !show->found ? ASK_ABSENT : end;
}

static bool take_payment(void *context, const struct json *payment)
{
    struct show *show = context;
    return json_append(show->payments, json_copy(payment)) &&
           json_count(show->payments) < PAYMENTS_MAX;
}

/* A server without payments has none of it. */
static enum ask_end find_payments(struct show *show, struct answer *answer)
{
    char *path = path_of(PAYMENTS, fact_text(json_text(show->found, "id")), "");
    show->payments = json_new_array();
    if (!path || !show->payments) {
        free(path);
        return ASK_FAILED;
    }
    enum ask_end end = pages_read(&show->reader.asker, path, take_payment, show, answer);
    free(path);
    return end == ASK_ABSENT ? ASK_ANSWERED : end;
}

static enum ask_end find(struct show *show, struct answer *answer)
{
    enum ask_end end = ASK_ABSENT;
    if (is_id(show->resource, show->wanted)) end = find_by_id(show, answer);
    if (end == ASK_ABSENT) end = find_by_number(show, answer);
    if (end == ASK_ANSWERED && !show->json && show->count < 2) end = find_payments(show, answer);
    if (end == ASK_FAILED && !answer->why[0])
        snprintf(answer->why, sizeof answer->why, "%s", N_("there is not enough memory"));
    return end;
}

/* --- showing it --- */

static int tell_none(const char *wanted)
{
    char sentence[SENTENCE_SIZE];
    char excerpt[TEXT_EXCERPT_SIZE];
    text_excerpt(wanted, excerpt);
    snprintf(sentence, sizeof sentence,
             _("there is no invoice with the number or id \"%s\": invonce list shows those that "
               "there are"),
             excerpt);
    return command_line_failed(sentence);
}

static int tell_several(const struct show *show)
{
    char *sentence = NULL;
    if (show->others.failed ||
        asprintf(&sentence, _("several have that number, show one by its id: %.*s"),
                 (int)show->others.length, show->others.bytes) < 0)
        return command_line_failed(_("There is not enough memory."));
    int code = command_line_failed(sentence);
    free(sentence);
    return code;
}

static int put_json(const struct json *record)
{
    char *text = json_write(record);
    if (!text) return command_line_failed(_("There is not enough memory."));
    int put = puts(text);
    free(text);
    return put == EOF || fflush(stdout) != 0 ? reader_unwritten() : 0;
}

static int put_page(const struct show *show)
{
    struct record record;
    int code = 0;
    if (!record_believe(&record, show->resource, show->found))
        code = command_line_failed(_("the server's answer can't be read"));
    else if (!page_write(stdout, &(struct page){show->resource, &record, show->payments}))
        code = reader_unwritten();
    record_clear(&record);
    return code;
}

static int run(struct show *show)
{
    struct answer answer = {0};
    int code = reader_open(&show->reader, &show->settings, false);
    if (code != 0) return code;
    enum ask_end end = find(show, &answer);
    if (end == ASK_ABSENT)
        code = tell_none(show->wanted);
    else if (end != ASK_ANSWERED)
        code = reader_end(&show->reader, end, &answer);
    else if (show->count > 1)
        code = tell_several(show);
    else
        code = show->json ? put_json(show->found) : put_page(show);
    reader_close(&show->reader);
    return code;
}

/* --- the command line --- */

static int read_and_run(struct show *show, char **arguments)
{
    bool text = false;
    while (*arguments) {
        const char *argument = *arguments;
        bool is_json = strcmp(argument, "--json") == 0, is_text = strcmp(argument, "--text") == 0;
        show->json = show->json || is_json;
        text = text || is_text;
        if (!is_json && !is_text && (*argument == '-' || show->wanted)) {
            int code = command_line_setting(&show->settings, &arguments);
            if (code != 0) return code;
            continue;
        }
        if (!is_json && !is_text) show->wanted = argument;
        arguments++;
    }
    if (show->json && text) return command_line_wrong(_("show: --json or --text, not both"), "");
    if (!show->wanted || text_is_blank(show->wanted))
        return command_line_wrong(_("show what? Give a number or an id"), "");
    int code = command_line_text(show->wanted);
    if (code == 0) code = reader_settings(&show->settings);
    return code != 0 ? code : run(show);
}

int show_main(char **arguments)
{
    struct show show = {.resource = &INVOICE};
    if (command_line_has(arguments, "--help")) {
        print_help();
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    int code = read_and_run(&show, arguments);
    json_free(show.found);
    json_free(show.payments);
    buffer_clear(&show.others);
    settings_clear(&show.settings);
    return code;
}
