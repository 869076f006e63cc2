#include "tui/batch/outbox.h"

#include "tui/batch/outbox_inside.h"
#include "tui/command/command_line.h"
#include "tui/command/manual.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

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
        return open_journal_and(outbox, outbox_list);
    case TASK_RESUME:
        return outbox_resume(outbox);
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
