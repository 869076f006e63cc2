#include "tui/batch/outbox.h"

#include "protocol/client/clock.h"
#include "protocol/wire/json.h"
#include "protocol/wire/text.h"
#include "tui/batch/flow.h"
#include "tui/batch/interrupt.h"
#include "tui/batch/session.h"
#include "tui/command/command_line.h"
#include "tui/command/manual.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define EXIT_UNCONFIRMED 5
#define NUMBER_COLUMNS   20
#define STATE_COLUMNS    14
#define ATTEMPTS_COLUMNS 10

enum task { TASK_LIST, TASK_RESUME, TASK_SEEN };

struct outbox {
    struct settings settings;
    enum task task;
    char **keys; /* SEEN: of the command line */
    size_t key_count;
    bool take_over; /* what another token left that the server never named */
    bool json;
    struct session session;
    struct journal *journal;
    struct journal_entry *listed; /* resume: what was open at the start … */
    size_t listed_count, told;    /* … and how many of these were looked at */
};

static const struct manual_entry before_settings[] = {
    {MANUAL_TITLE, "INVONCE-OUTBOX(1)"},
    {MANUAL_HEADING, N_("NAME")},
    {MANUAL_PARAGRAPH, N_("invonce outbox - invoices that aren't confirmed yet, or not seen to")},
    {MANUAL_HEADING, N_("SYNOPSIS")},
    {MANUAL_USAGE, "invonce outbox [list] [--json]"},
    {MANUAL_USAGE, N_("invonce outbox resume [--take-over] [--json] [OPTION]...")},
    {MANUAL_USAGE, N_("invonce outbox seen KEY...")},
    {MANUAL_HEADING, N_("DESCRIPTION")},
    {MANUAL_PARAGRAPH,
     N_("An invoice is in the outbox from the moment it is submitted until the server has "
        "answered. What had no answer may or may not exist; sending it again, with the same key, "
        "is safe and settles it.")},
    {MANUAL_PARAGRAPH,
     N_("What the form sent again in the background and was refused, as a conflict or rejected, "
        "stays in the outbox until somebody has seen it: in the form (F4), where it can be taken "
        "back and changed, or by seen.")},
    {MANUAL_ITEM,
     N_("Shows what isn't settled, and what was refused and not seen yet, for all servers and "
        "tenants."),
     "list"},
    {MANUAL_ITEM,
     N_("Sends it again, and tells how each ended. What is for another server or tenant than the "
        "token's stays, as does what another invonce is sending just now."),
     "resume"},
    {MANUAL_ITEM, N_("Says that these refusals have been seen: they are listed no more."),
     N_("seen KEY...")},
    {MANUAL_PARAGRAPH,
     N_("An invoice belongs to the tenant whose token it was submitted with, and is sent with that "
        "tenant's tokens only, be they new ones. Where the server could never be asked whose the "
        "token was, and another token is in use now, nobody knows: such an invoice was never sent, "
        "and is sent when it is taken over (--take-over), when the same input is given to invonce "
        "create again, or with the token it was submitted with. Until then resume exits with 5.")},
    {MANUAL_HEADING, N_("OPTIONS")},
    {MANUAL_ITEM,
     N_("One JSON object an intent: key, number, server, tenant (null: the server never said whose "
        "the token is), state, attempts, created_at; with resume, and of what was refused, also "
        "outcome, invoice and problem."),
     "--json"},
    {MANUAL_ITEM,
     N_("With resume: what was submitted for this server with a token that the server never named "
        "is this token's tenant's from now on."),
     "--take-over"},
};

static const struct manual_entry exit_status[] = {
    {MANUAL_HEADING, N_("EXIT STATUS")},
    {MANUAL_ITEM, N_("nothing is left to do, it is sent again by itself, or all of it was created"),
     "0"},
    {MANUAL_ITEM, N_("something failed"), "1"},
    {MANUAL_ITEM, N_("the command line or a setting is wrong"), "2"},
    {MANUAL_ITEM,
     N_("resume: as for invonce create; list: 3 or 4 for a conflict or a rejection that wasn't "
        "seen yet. The highest counts."),
     N_("3 to 5")},
};

static void print_help(void)
{
    manual_print(stdout, before_settings, COUNT(before_settings));
    settings_print_help(stdout);
    manual_print(stdout, exit_status, COUNT(exit_status));
}

/* --- list --- */

/* Adds what every line has. */
static bool describe(struct json *object, const struct journal_entry *entry)
{
    char created_at[CLOCK_TEXT_SIZE];
    clock_format(entry->created_ms, created_at);
    return object != NULL && json_put(object, "key", json_new_string(entry->key)) &&
           json_put(object, "number", json_new_string(entry->name)) &&
           json_put(object, "server", json_new_string(entry->server)) &&
           json_put(object, "tenant", json_new_string(entry->tenant)) &&
           json_put(object, "state", json_new_string(journal_state_name(entry->state))) &&
           json_put(object, "attempts", json_new_integer((int64_t)entry->attempts)) &&
           json_put(object, "created_at", json_new_string(created_at));
}

/* How it was refused; an object without members for what isn't settled. */
static struct json *refusal(const struct journal_entry *entry)
{
    char unreadable[JSON_PROBLEM_MAX];
    enum result_outcome outcome = result_outcome_of(entry->state);
    if (outcome == RESULT_UNCONFIRMED) return json_new_object();
    struct json *problem = entry->result != NULL
                               ? json_read_object(entry->result, strlen(entry->result), unreadable)
                               : NULL;
    const struct result result = {
        .outcome = outcome, .key = entry->key, .attempts = entry->attempts, .problem = problem};
    struct json *object = result_json(&result);
    json_free(problem);
    return object;
}

static bool list_as_json(const struct journal_entry *entry)
{
    struct json *object = refusal(entry);
    char *text = describe(object, entry) ? json_write(object) : NULL;
    bool listed = text != NULL && puts(text) != EOF;
    free(text);
    json_free(object);
    return listed;
}

/* The text, and blanks up to that many columns and two. */
static void put_column(const char *text, int columns)
{
    int width = (int)text_width(text);
    printf("%s%*s", text, (columns > width ? columns - width : 0) + 2, "");
}

/* Over figures: to the right. */
static void put_column_right(const char *text, int columns)
{
    int width = (int)text_width(text);
    printf("%*s%s  ", columns > width ? columns - width : 0, "", text);
}

static bool put_header(void)
{
    put_column(_("NUMBER"), NUMBER_COLUMNS);
    put_column(_("STATE"), STATE_COLUMNS);
    put_column_right(_("ATTEMPTS"), ATTEMPTS_COLUMNS);
    put_column(_("SINCE"), CLOCK_TEXT_SIZE - 1);
    return puts(_("SERVER, TENANT, KEY")) != EOF;
}

static bool list_as_row(const struct journal_entry *entry)
{
    char created_at[CLOCK_TEXT_SIZE];
    char *name = text_safe(entry->name, strlen(entry->name), TEXT_ONE_LINE);
    char *key = text_safe(entry->key, strlen(entry->key), TEXT_ONE_LINE);
    char *server = text_safe(entry->server, strlen(entry->server), TEXT_ONE_LINE);
    char *tenant = entry->tenant != NULL
                       ? text_safe(entry->tenant, strlen(entry->tenant), TEXT_ONE_LINE)
                       : strdup("?");
    bool good = name != NULL && key != NULL && server != NULL && tenant != NULL;
    clock_format(entry->created_ms, created_at);
    if (good) {
        put_column(name, NUMBER_COLUMNS);
        put_column(entry->busy ? _("sending") : _(journal_state_name(entry->state)), STATE_COLUMNS);
        good = printf("%*u  %s  %s %s  %s\n", ATTEMPTS_COLUMNS, entry->attempts, created_at, server,
                      tenant, key) > 0;
    }
    free(name);
    free(key);
    free(server);
    free(tenant);
    return good;
}

/* Why what a token left that the server never named isn't sent. False: there is no such thing, or
 * it can't be told. */
static bool tell_of_unnamed(const struct outbox *outbox)
{
    size_t count;
    if (journal_count_unnamed(outbox->journal, &count) != JOURNAL_OK || count == 0) return false;
    fprintf(stderr,
            words_plural("invonce: %zu was submitted with another token, of which the server never "
                         "said whose it is, and was never sent. If it is for the present token's "
                         "tenant, send it with: invonce outbox resume --take-over\n",
                         "invonce: %zu were submitted with another token, of which the server "
                         "never said whose it is, and were never sent. If they are for the present "
                         "token's tenant, send them with: invonce outbox resume --take-over\n",
                         count),
            count);
    return true;
}

struct entries {
    struct journal_entry *list;
    size_t count;
};

static bool list_all(const struct outbox *outbox, const struct entries *entries)
{
    bool good = true;
    for (size_t i = 0; good && i < entries->count; i++)
        good = outbox->json ? list_as_json(&entries->list[i]) : list_as_row(&entries->list[i]);
    return good;
}

static bool has_unnamed(const struct entries *open)
{
    for (size_t i = 0; i < open->count; i++)
        if (open->list[i].tenant == NULL) return true;
    return false;
}

/* For the person who looks: what is written is the list alone. */
static void explain(const struct entries *unseen, const struct entries *open)
{
    if (unseen->count + open->count == 0)
        fprintf(stderr, "%s\n", _("Everything is settled: nothing waits to be sent."));
    if (has_unnamed(open))
        fprintf(stderr, "%s\n",
                _("Of what has no tenant (?) the server never said whose the token is that it was "
                  "submitted with: it was never sent. That token sends it, or any other with: "
                  "invonce outbox resume --take-over"));
    if (unseen->count > 0)
        fprintf(stderr, "%s\n",
                _("What was refused stays listed until it has been seen: open it in the form (F4), "
                  "or say: invonce outbox seen KEY"));
}

/* What is sent again by itself needs nobody. */
static int code_of(const struct entries *unseen)
{
    int code = 0;
    for (size_t i = 0; i < unseen->count; i++) {
        int its = result_exit_code(result_outcome_of(unseen->list[i].state));
        if (its > code) code = its;
    }
    return code;
}

static int write_list(const struct outbox *outbox, const struct entries *unseen,
                      const struct entries *open)
{
    bool headed = !outbox->json && unseen->count + open->count > 0;
    bool good = (!headed || put_header()) && list_all(outbox, unseen) && list_all(outbox, open);
    if (!good || fflush(stdout) != 0) return command_line_failed(_("The list can't be written."));
    if (!outbox->json) explain(unseen, open);
    return code_of(unseen);
}

static int list(struct outbox *outbox)
{
    struct entries unseen = {0}, open = {0};
    int code;
    if (journal_list_all_unseen(outbox->journal, &unseen.list, &unseen.count) == JOURNAL_OK &&
        journal_list_all_open(outbox->journal, &open.list, &open.count) == JOURNAL_OK)
        code = write_list(outbox, &unseen, &open);
    else
        code = command_line_failed(journal_sentence(outbox->journal));
    journal_entries_free(unseen.list, unseen.count);
    journal_entries_free(open.list, open.count);
    return code;
}

/* --- seen --- */

static int see(struct outbox *outbox)
{
    int code = 0;
    for (size_t i = 0; i < outbox->key_count; i++) {
        size_t count;
        if (journal_see_anywhere(outbox->journal, outbox->keys[i], &count) != JOURNAL_OK)
            return command_line_failed(journal_sentence(outbox->journal));
        if (count > 0) continue;
        char sentence[JOURNAL_SENTENCE_MAX];
        snprintf(sentence, sizeof sentence, _("Nothing that waits to be seen has the key %.255s."),
                 outbox->keys[i]);
        code = command_line_failed(sentence);
    }
    return code;
}

/* No server is asked, and no token is needed. */
static int open_journal_and(struct outbox *outbox, int (*task)(struct outbox *outbox))
{
    char sentence[JOURNAL_SENTENCE_MAX];
    const struct journal_account account = {.server = outbox->settings.values[SETTING_SERVER],
                                            .token = outbox->settings.token};
    const struct journal_patience patience = session_patience(&outbox->settings, -1);
    outbox->journal =
        journal_open_patiently(outbox->settings.journal_path, &account, &patience, sentence);
    if (outbox->journal == NULL) return command_line_failed(sentence);
    int code = task(outbox);
    journal_close(outbox->journal);
    return code;
}

/* --- resume --- */

static char *write_json(struct outbox *outbox, const struct result *result)
{
    struct journal_entry *entry = NULL;
    struct json *object = result_json(result);
    char *text = NULL;
    if (journal_find(outbox->journal, result->key, result->fingerprint, &entry) == JOURNAL_OK &&
        entry != NULL && describe(object, entry))
        text = json_write(object);
    if (entry != NULL) journal_entries_free(entry, 1);
    json_free(object);
    return text;
}

static char *write_result(void *self, const struct result *result)
{
    struct outbox *outbox = self;
    return outbox->json ? write_json(outbox, result) : result_line(result);
}

/* The next one that another process sees to: it is told of, and left alone. */
static const struct journal_entry *next_busy(struct outbox *outbox)
{
    while (outbox->told < outbox->listed_count) {
        const struct journal_entry *entry = &outbox->listed[outbox->told++];
        if (entry->busy) return entry;
    }
    return NULL;
}

static enum flow_step tell_busy(struct outbox *outbox, const struct journal_entry *entry,
                                struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    const struct result result = {.outcome = RESULT_UNCONFIRMED,
                                  .name = entry->name,
                                  .key = entry->key,
                                  .fingerprint = entry->fingerprint,
                                  .attempts = entry->attempts,
                                  .why = _("another invonce is sending it just now")};
    item->outcome = result.outcome;
    item->text = write_result(outbox, &result);
    if (item->text != NULL) return FLOW_ITEM;
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("There is not enough memory."));
    return FLOW_FAILED;
}

/* The journal's round is the source's: each open intent of this account is offered once. */
static enum flow_step next(void *self, struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct outbox *outbox = self;
    const struct journal_entry *busy = next_busy(outbox);
    if (busy != NULL) return tell_busy(outbox, busy, item, sentence);
    if (journal_adopt(outbox->journal, &item->adopted, &item->attempts) != JOURNAL_OK) {
        snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", journal_sentence(outbox->journal));
        return FLOW_FAILED;
    }
    return item->adopted != NULL ? FLOW_ITEM : FLOW_END;
}

static int resume(struct outbox *outbox)
{
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    struct progress progress;
    int exit_code = 0;
    if (journal_list_open(outbox->journal, &outbox->listed, &outbox->listed_count) != JOURNAL_OK)
        return command_line_failed(journal_sentence(outbox->journal));
    progress_start(&progress, stderr, (int64_t)outbox->listed_count, clock_monotonic_ms());
    const struct flow_options options = {
        .context = &outbox->session.context,
        .in_flight = (size_t)outbox->settings.in_flight,
        .out = stdout,
        .progress = &progress,
        .interrupt = interrupt_descriptor(),
    };
    const struct flow_source source = {.next = next, .write = write_result, .self = outbox};
    enum flow_end end = flow_run(&options, &source, &exit_code, sentence);
    progress_hide(&progress);
    journal_entries_free(outbox->listed, outbox->listed_count);
    return end == FLOW_FINISHED ? exit_code : session_failed(sentence);
}

/* What is for other tenants and servers is not passed over in silence. */
static void tell_of_others(struct outbox *outbox)
{
    struct journal_entry *all;
    size_t count, unnamed, others = 0;
    if (journal_count_unnamed(outbox->journal, &unnamed) != JOURNAL_OK ||
        journal_list_all_open(outbox->journal, &all, &count) != JOURNAL_OK)
        return;
    for (size_t i = 0; i < count; i++)
        others += !all[i].of_account;
    journal_entries_free(all, count);
    if (others <= unnamed) return;
    others -= unnamed;
    fprintf(stderr,
            words_plural("invonce: %zu more for another server or tenant, left alone; "
                         "see: invonce outbox\n",
                         "invonce: %zu more for other servers or tenants, left alone; "
                         "see: invonce outbox\n",
                         others),
            others);
}

/* Nor what was refused behind the form's back; it isn't this run's. */
static void tell_of_unseen(struct outbox *outbox)
{
    struct entries unseen;
    if (journal_list_unseen(outbox->journal, &unseen.list, &unseen.count) != JOURNAL_OK) return;
    if (unseen.count > 0)
        fprintf(stderr,
                words_plural("invonce: %zu refusal from before hasn't been seen yet; see: invonce "
                             "outbox\n",
                             "invonce: %zu refusals from before haven't been seen yet; see: "
                             "invonce outbox\n",
                             unseen.count),
                unseen.count);
    journal_entries_free(unseen.list, unseen.count);
}

static int open_and_resume(struct outbox *outbox)
{
    if (outbox->settings.token == NULL) return command_line_no_token();
    int code = session_open(&outbox->session, &outbox->settings);
    if (code != 0) return code;
    outbox->journal = outbox->session.context.journal;
    bool taken = !outbox->take_over || journal_take_over(outbox->journal) == JOURNAL_OK;
    code = taken ? resume(outbox) : command_line_failed(journal_sentence(outbox->journal));
    tell_of_others(outbox);
    tell_of_unseen(outbox);
    if (tell_of_unnamed(outbox) && code != EXIT_OTHER && code < EXIT_UNCONFIRMED)
        code = EXIT_UNCONFIRMED;
    session_close(&outbox->session);
    return code;
}

/* --- the command --- */

static bool read_task(struct outbox *outbox, const char *name)
{
    static const char *const names[] = {
        [TASK_LIST] = "list", [TASK_RESUME] = "resume", [TASK_SEEN] = "seen"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], name) != 0) continue;
        outbox->task = (enum task)i;
        return true;
    }
    return false;
}

static int carry_out(struct outbox *outbox)
{
    switch (outbox->task) {
    case TASK_LIST:
        return open_journal_and(outbox, list);
    case TASK_RESUME:
        return open_and_resume(outbox);
    case TASK_SEEN:
        break;
    }
    return open_journal_and(outbox, see);
}

static int read_and_run(struct outbox *outbox, char **arguments)
{
    char sentence[SETTINGS_SENTENCE_MAX];
    if (*arguments != NULL && **arguments != '-') {
        if (!read_task(outbox, *arguments))
            return command_line_wrong(_("outbox does list, resume or seen, not "), *arguments);
        arguments++;
    }
    outbox->keys = arguments;
    while (*arguments != NULL) {
        bool json = strcmp(*arguments, "--json") == 0;
        bool take_over = outbox->task == TASK_RESUME && strcmp(*arguments, "--take-over") == 0;
        outbox->json = outbox->json || json;
        outbox->take_over = outbox->take_over || take_over;
        if (json || take_over) {
            arguments++;
            continue;
        }
        if (outbox->task == TASK_SEEN && **arguments != '-') {
            outbox->keys[outbox->key_count++] = *arguments++;
            continue;
        }
        int code = command_line_setting(&outbox->settings, &arguments);
        if (code != 0) return code;
    }
    if (outbox->task == TASK_SEEN && outbox->key_count == 0)
        return command_line_wrong(_("outbox seen: which? Give the key that outbox lists"), "");
    enum settings_status status = settings_finish(
        &outbox->settings, outbox->task == TASK_RESUME ? SETTINGS_TO_SEND : SETTINGS_TO_LIST,
        sentence);
    if (status != SETTINGS_OK) return command_line_settings(status, sentence);
    return carry_out(outbox);
}

int outbox_main(char **arguments)
{
    struct outbox outbox = {0};
    if (command_line_has(arguments, "--help")) {
        print_help();
        return fflush(stdout) == 0 ? 0 : EXIT_OTHER;
    }
    int code = read_and_run(&outbox, arguments);
    settings_clear(&outbox.settings);
    return code;
}
