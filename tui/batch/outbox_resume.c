/* Of the outbox: what isn't settled is sent again, and how each ended is told. */
#include "tui/batch/outbox_inside.h"

#include "protocol/wire/clock.h"
#include "tui/batch/flow.h"
#include "tui/batch/interrupt.h"
#include "tui/command/command_line.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_UNCONFIRMED 5

struct run {
    const struct outbox *outbox;
    struct journal_entry *listed; /* what was open at the start … */
    size_t count, told;           /* … and how many of these were looked at */
};

static char *write_json(const struct outbox *outbox, const struct result *result)
{
    struct journal_entry *entry = NULL;
    struct json *object = result_json(result);
    char *text = NULL;
    if (journal_find(outbox->journal, result->key, result->fingerprint, &entry) == JOURNAL_OK &&
        entry != NULL && outbox_describe(object, entry))
        text = json_write(object);
    if (entry != NULL) journal_entries_free(entry, 1);
    json_free(object);
    return text;
}

static char *write_result(void *self, const struct result *result)
{
    const struct outbox *outbox = ((struct run *)self)->outbox;
    return outbox->json ? write_json(outbox, result) : result_line(result);
}

/* The next one that another process sees to: it is told of, and left alone. */
static const struct journal_entry *next_busy(struct run *run)
{
    while (run->told < run->count) {
        const struct journal_entry *entry = &run->listed[run->told++];
        if (entry->busy) return entry;
    }
    return NULL;
}

static enum flow_step tell_busy(struct run *run, const struct journal_entry *entry,
                                struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    const struct result result = {.outcome = RESULT_UNCONFIRMED,
                                  .name = entry->name,
                                  .key = entry->key,
                                  .fingerprint = entry->fingerprint,
                                  .attempts = entry->attempts,
                                  .why = _("another invonce is sending it just now")};
    item->outcome = result.outcome;
    item->text = write_result(run, &result);
    if (item->text != NULL) return FLOW_ITEM;
    snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", _("There is not enough memory."));
    return FLOW_FAILED;
}

/* The journal's round is the source's: each open intent of this account is offered once. */
static enum flow_step next(void *self, struct flow_item *item, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct run *run = self;
    struct journal *journal = run->outbox->journal;
    const struct journal_entry *busy = next_busy(run);
    if (busy != NULL) return tell_busy(run, busy, item, sentence);
    if (journal_adopt(journal, &item->adopted, &item->attempts) != JOURNAL_OK) {
        snprintf(sentence, JOURNAL_SENTENCE_MAX, "%s", journal_sentence(journal));
        return FLOW_FAILED;
    }
    return item->adopted != NULL ? FLOW_ITEM : FLOW_END;
}

static int resume(struct outbox *outbox)
{
    struct run run = {.outbox = outbox};
    char sentence[JOURNAL_SENTENCE_MAX] = "";
    struct progress progress;
    int exit_code = 0;
    size_t counts[RESULT_OUTCOMES] = {0};
    if (journal_list_open(outbox->journal, &run.listed, &run.count) != JOURNAL_OK)
        return command_line_failed(journal_sentence(outbox->journal));
    progress_start(&progress, stderr, (int64_t)run.count, clock_monotonic_ms());
    const struct flow_options options = {
        .context = &outbox->session.context,
        .in_flight = (size_t)outbox->settings.in_flight,
        .out = stdout,
        .progress = &progress,
        .interrupt = interrupt_descriptor(),
        .counts = counts,
    };
    const struct flow_source source = {.next = next, .write = write_result, .self = &run};
    enum flow_end end = flow_run(&options, &source, &exit_code, sentence);
    progress_hide(&progress);
    result_count_up(stderr, counts);
    journal_entries_free(run.listed, run.count);
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
    struct journal_entry *unseen;
    size_t count;
    if (journal_list_unseen(outbox->journal, &unseen, &count) != JOURNAL_OK) return;
    if (count > 0)
        fprintf(stderr,
                words_plural("invonce: %zu refusal from before hasn't been seen yet; see: invonce "
                             "outbox\n",
                             "invonce: %zu refusals from before haven't been seen yet; see: "
                             "invonce outbox\n",
                             count),
                count);
    journal_entries_free(unseen, count);
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

int outbox_resume(struct outbox *outbox)
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
