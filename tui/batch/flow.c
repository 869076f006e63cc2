#include "protocol/wire/resources/invoice.h"
#include "tui/batch/flow_inside.h"

#include "protocol/client/outcome.h"
#include "protocol/wire/clock.h"
#include "tui/words/words.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MAX_MS 60000 /* nothing depends on it */

/* --- what has ended --- */

static enum result_outcome outcome_of(const struct submission *submission)
{
    if (submission->state == SUBMISSION_CREATED)
        return submission->replayed ? RESULT_REPLAYED : RESULT_CREATED;
    if (submission->state == SUBMISSION_CONFLICT) return RESULT_CONFLICT;
    return submission->state == SUBMISSION_REJECTED ? RESULT_REJECTED : RESULT_UNCONFIRMED;
}

/* Tells how a slot's submission ended, once the journal knows. Where the journal can't take it,
 * nothing is told: the intent is still open there, and the next run asks again. */
static void take_end(struct flow *flow, struct slot *slot)
{
    struct submitter_view view = submitter_view(slot->submitter);
    if (!submission_has_ended(view.submission.state)) return;
    if (submitter_due_ms(slot->submitter) != INT64_MAX) {
        flow_breaks(flow, view.why);
        return;
    }
    const struct result result = {
        .outcome = outcome_of(&view.submission),
        .line = slot->position,
        .name = view.intent->name,
        .key = view.intent->key,
        .fingerprint = view.intent->fingerprint,
        .attempts = view.submission.attempts,
        .invoice = view.record,
        .problem = view.problem,
        .why = view.why,
        .unsent = !view.submission.may_exist,
        .is_same = view.submission.state == SUBMISSION_CONFLICT &&
                   outcome_is_same(view.intent, view.problem),
    };
    flow_tell(flow, slot->number, result.outcome, flow->source->write(flow->source->self, &result),
              result.key);
    flow_free_slot(flow, slot);
}

/* Writes down how attempts ended. */
static void settle(struct flow *flow)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < flow->slot_count && !flow->broken; i++) {
        struct slot *slot = &flow->slots[i];
        if (!slot->busy || !submitter_is_answered(slot->submitter)) continue;
        submitter_advance(slot->submitter, now_ms);
        take_end(flow, slot);
    }
}

static bool is_in_the_air(const struct slot *slot)
{
    return slot->busy && !submitter_is_answered(slot->submitter) &&
           submitter_view(slot->submitter).submission.state == SUBMISSION_SENDING;
}

static size_t in_the_air(const struct flow *flow)
{
    size_t count = 0;
    for (size_t i = 0; i < flow->slot_count; i++)
        count += is_in_the_air(&flow->slots[i]);
    return count;
}

/* Recorded, and only waiting for its time. */
static bool is_ready(const struct slot *slot)
{
    return slot->busy && submitter_to_record(slot->submitter) == NULL &&
           !submitter_is_answered(slot->submitter);
}

static void send_one(struct flow *flow, struct slot *slot, int64_t now_ms)
{
    unsigned before = submitter_view(slot->submitter).submission.tries;
    while (submitter_advance(slot->submitter, now_ms)) {
    }
    unsigned after = submitter_view(slot->submitter).submission.tries;
    if (after > before && after > 1) flow->options->progress->retries++;
    take_end(flow, slot);
}

/* In turn, so that none waits behind those that come after it. True when something was sent. */
static bool send_due(struct flow *flow)
{
    int64_t now_ms = clock_monotonic_ms();
    size_t begun = flow->first, before = in_the_air(flow), flying = before;
    for (size_t i = 0; i < flow->slot_count && flying < flow->options->in_flight && !flow->broken;
         i++) {
        struct slot *slot = &flow->slots[(begun + i) % flow->slot_count];
        if (!is_ready(slot) || submitter_due_ms(slot->submitter) > now_ms) continue;
        send_one(flow, slot, now_ms);
        if (!is_in_the_air(slot)) continue;
        flow->first = (begun + i + 1) % flow->slot_count;
        flying++;
    }
    return flying > before;
}

/* --- what begins --- */

static struct slot *idle_slot(struct flow *flow)
{
    size_t i = 0;
    assert(flow->busy < flow->slot_count);
    while (flow->slots[i].busy)
        i++;
    return &flow->slots[i];
}

static void begin(struct flow *flow, const struct flow_item *item)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t number = lineup_enter(&flow->lineup);
    if (item->text != NULL) {
        flow_tell(flow, number, item->outcome, item->text, item->key);
        return;
    }
    struct slot *slot = idle_slot(flow);
    slot->busy = true;
    slot->postponed = false;
    slot->look_ms = 0;
    slot->give_up_ms = now_ms + flow->options->context->retry.budget_ms;
    slot->number = number;
    slot->run = item->run;
    slot->position = item->position;
    flow->busy++;
    if (item->adopted != NULL)
        submitter_adopt(slot->submitter, item->adopted, item->attempts, now_ms);
    else
        submitter_take(slot->submitter, item->intent, now_ms);
}

static bool may_take_in(const struct flow *flow)
{
    return !flow->dry && !flow->broken && flow->busy < flow->slot_count &&
           lineup_has_room(&flow->lineup);
}

static void take_in(struct flow *flow)
{
    while (may_take_in(flow)) {
        struct flow_item item = {0};
        enum flow_step step = flow->source->next(flow->source->self, &item, flow->sentence);
        flow->dry = step == FLOW_END;
        flow->broken = step == FLOW_FAILED;
        if (step == FLOW_ITEM) begin(flow, &item);
    }
}

/* --- the loop --- */

static int wait_ms(const struct flow *flow, int64_t now_ms)
{
    int64_t due = now_ms + WAIT_MAX_MS;
    bool full = in_the_air(flow) >= flow->options->in_flight;
    if (may_take_in(flow)) return 0;
    for (size_t i = 0; i < flow->slot_count; i++) {
        const struct slot *slot = &flow->slots[i];
        if (!slot->busy || slot->postponed || (full && is_ready(slot))) continue;
        int64_t its = slot->look_ms > 0 ? slot->look_ms : submitter_due_ms(slot->submitter);
        if (its < due) due = its;
    }
    return due > now_ms ? (int)(due - now_ms) : 0;
}

static void write_out(struct flow *flow)
{
    if (flow->shows) progress_hide(flow->options->progress);
    if (!lineup_write(&flow->lineup, flow->options->out)) {
        char sentence[120];
        snprintf(sentence, sizeof sentence, _("The results can't be written: %s"),
                 _(strerror(errno)));
        flow_breaks(flow, sentence);
    }
    progress_show(flow->options->progress, clock_monotonic_ms());
}

/* What was written has been seen. */
static void see_told(struct flow *flow)
{
    told_see(&flow->told, flow->options->context->journal, flow->lineup.first);
}

/* All that the journal is to know before anything is sent or told, with one commit. */
static bool keep_books(struct flow *flow)
{
    struct journal *journal = flow->options->context->journal;
    journal_gather(journal);
    see_told(flow);
    settle(flow);
    take_in(flow);
    flow_record(flow);
    if (journal_commit(journal) == JOURNAL_OK) return true;
    flow_breaks(flow, journal_sentence(journal));
    return false;
}

static bool is_readable(int descriptor)
{
    struct pollfd polled = {.fd = descriptor, .events = POLLIN};
    return poll(&polled, 1, 0) > 0;
}

/* Moves the requests on, and waits for news or for the time. */
static bool wait_for_news(struct flow *flow, int timeout_ms)
{
    bool interrupted = false;
    if (!courier_poll(flow->options->context->courier, &flow->options->interrupt, &interrupted, 1,
                      timeout_ms))
        flow_breaks(flow, _("The network library failed."));
    return interrupted;
}

/* What is recorded already is sent before the books are kept: disk and server work at one time. */
static enum flow_end carry_out(struct flow *flow)
{
    bool interrupted = is_readable(flow->options->interrupt);
    while (!interrupted) {
        if (send_due(flow)) interrupted = wait_for_news(flow, 0);
        if (!keep_books(flow)) return FLOW_BROKEN; /* nothing of it has happened */
        send_due(flow);
        write_out(flow);
        if (flow->broken) return FLOW_BROKEN;
        if (flow->dry && flow->busy == 0) return FLOW_FINISHED;
        if (!interrupted) interrupted = wait_for_news(flow, wait_ms(flow, clock_monotonic_ms()));
        if (flow->broken) return FLOW_BROKEN;
    }
    return FLOW_INTERRUPTED;
}

/* Killed before the very end, the next run, or the outbox, tells once more. */
static enum flow_end run(struct flow *flow)
{
    enum flow_end end = carry_out(flow);
    struct journal *journal = flow->options->context->journal;
    if (flow->told.count == 0) return end;
    journal_gather(journal);
    see_told(flow);
    journal_commit(journal);
    return end;
}

static bool make_slots(struct flow *flow)
{
    size_t count = flow->slot_count;
    flow->slots = calloc(count, sizeof *flow->slots);
    flow->recordings = calloc(count, sizeof *flow->recordings);
    flow->recorded = calloc(count, sizeof(struct slot *));
    if (flow->slots == NULL || flow->recordings == NULL || flow->recorded == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        flow->slots[i].submitter = submitter_new(flow->options->context, &INVOICE, NULL, NULL);
        if (flow->slots[i].submitter == NULL) return false;
    }
    return true;
}

static void clear(struct flow *flow)
{
    for (size_t i = 0; flow->slots != NULL && i < flow->slot_count; i++)
        submitter_free(flow->slots[i].submitter);
    free(flow->slots);
    free(flow->recordings);
    free(flow->recorded);
    lineup_clear(&flow->lineup);
    told_clear(&flow->told);
}

enum flow_end flow_run(const struct flow_options *options, const struct flow_source *source,
                       int *exit_code, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct flow flow = {.options = options,
                        .source = source,
                        .slot_count = options->in_flight > 1 ? 2 * options->in_flight : 1,
                        .shows = isatty(fileno(options->out)),
                        .sentence = sentence};
    enum flow_end end = FLOW_BROKEN;
    if (make_slots(&flow))
        end = run(&flow);
    else
        flow_breaks(&flow, _("There is not enough memory."));
    *exit_code = flow.exit_code;
    clear(&flow);
    return end;
}
