#include "tui/flow.h"

#include "protocol/client/clock.h"
#include "tui/lineup.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAIT_MAX_MS 60000 /* nothing depends on it */

struct slot {
    struct submitter *submitter;
    bool busy;
    bool postponed; /* its number is that of another one under way here */
    int64_t number; /* in the lineup */
    int64_t run, position;
};

struct flow {
    const struct flow_options *options;
    const struct flow_source *source;
    struct slot *slots;
    struct journal_recording *recordings; /* room for one a slot */
    size_t busy;
    struct lineup lineup;
    bool dry; /* the source has no more */
    bool broken;
    bool shows; /* results and progress may share a terminal */
    int exit_code;
    char *sentence;
};

static void breaks(struct flow *flow, const char *sentence)
{
    flow->broken = true;
    snprintf(flow->sentence, JOURNAL_SENTENCE_MAX, "%s", sentence);
}

/* --- what has ended --- */

/* `text` is owned from here on. */
static void tell(struct flow *flow, int64_t number, enum result_outcome outcome, char *text)
{
    if (text == NULL) {
        breaks(flow, "There is not enough memory.");
        return;
    }
    int code = result_exit_code(outcome);
    if (code > flow->exit_code) flow->exit_code = code;
    flow->options->progress->done++;
    if (outcome == RESULT_UNCONFIRMED) flow->options->progress->unconfirmed++;
    lineup_put(&flow->lineup, number, text);
}

static void free_slot(struct flow *flow, struct slot *slot)
{
    slot->busy = false;
    flow->busy--;
    submitter_renew(slot->submitter);
    for (size_t i = 0; i < flow->options->in_flight; i++)
        flow->slots[i].postponed = false; /* its number may be free now */
}

static enum result_outcome outcome_of(const struct submission *submission)
{
    if (submission->state == SUBMISSION_CREATED)
        return submission->replayed ? RESULT_REPLAYED : RESULT_CREATED;
    if (submission->state == SUBMISSION_CONFLICT) return RESULT_CONFLICT;
    return submission->state == SUBMISSION_REJECTED ? RESULT_REJECTED : RESULT_UNCONFIRMED;
}

static bool has_ended(enum submission_state state)
{
    return state == SUBMISSION_CREATED || state == SUBMISSION_CONFLICT ||
           state == SUBMISSION_REJECTED || state == SUBMISSION_UNCONFIRMED;
}

/* Tells how a slot's submission ended, once the journal knows. Where the journal can't take it,
 * nothing is told: the intent is still open there, and the next run asks again. */
static void take_end(struct flow *flow, struct slot *slot)
{
    struct submitter_view view = submitter_view(slot->submitter);
    if (!has_ended(view.submission.state)) return;
    if (submitter_due_ms(slot->submitter) != INT64_MAX) {
        breaks(flow, view.why);
        return;
    }
    const struct result result = {
        .outcome = outcome_of(&view.submission),
        .line = slot->position,
        .name = view.intent->name,
        .key = view.intent->key,
        .attempts = view.submission.attempts,
        .invoice = view.record,
        .problem = view.problem,
        .why = view.why,
    };
    tell(flow, slot->number, result.outcome, flow->source->write(flow->source->self, &result));
    free_slot(flow, slot);
}

/* Writes down how attempts ended. */
static void settle(struct flow *flow)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < flow->options->in_flight && !flow->broken; i++) {
        struct slot *slot = &flow->slots[i];
        if (!slot->busy || !submitter_is_answered(slot->submitter)) continue;
        submitter_advance(slot->submitter, now_ms);
        take_end(flow, slot);
    }
}

static void send_one(struct flow *flow, struct slot *slot, int64_t now_ms)
{
    unsigned before = submitter_view(slot->submitter).submission.tries;
    while (submitter_advance(slot->submitter, now_ms)) {
    }
    unsigned after = submitter_view(slot->submitter).submission.tries;
    if (after > before && after > 1) flow->options->progress->retries++;
}

static void send_due(struct flow *flow)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < flow->options->in_flight && !flow->broken; i++) {
        struct slot *slot = &flow->slots[i];
        if (!slot->busy || submitter_to_record(slot->submitter) != NULL) continue;
        send_one(flow, slot, now_ms);
        take_end(flow, slot);
    }
}

/* --- what begins --- */

static struct slot *idle_slot(struct flow *flow)
{
    size_t i = 0;
    while (flow->slots[i].busy)
        i++;
    return &flow->slots[i];
}

static void begin(struct flow *flow, const struct flow_item *item)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t number = lineup_enter(&flow->lineup);
    if (item->text != NULL) {
        tell(flow, number, item->outcome, item->text);
        return;
    }
    struct slot *slot = idle_slot(flow);
    slot->busy = true;
    slot->postponed = false;
    slot->number = number;
    slot->run = item->run;
    slot->position = item->position;
    flow->busy++;
    if (item->adopted != NULL)
        submitter_adopt(slot->submitter, item->adopted, item->attempts, now_ms);
    else
        submitter_take(slot->submitter, item->intent, now_ms);
}

static void take_in(struct flow *flow)
{
    while (!flow->dry && !flow->broken && flow->busy < flow->options->in_flight &&
           lineup_has_room(&flow->lineup)) {
        struct flow_item item = {0};
        enum flow_step step = flow->source->next(flow->source->self, &item, flow->sentence);
        flow->dry = step == FLOW_END;
        flow->broken = step == FLOW_FAILED;
        if (step == FLOW_ITEM) begin(flow, &item);
    }
}

/* --- what is to be recorded, all of it with one commit --- */

static json_t *waiting_problem(const char *name)
{
    return json_pack("{s:s, s:s, s:s+, s:s, s:s}", "type", "about:blank", "title",
                     "Number waiting for confirmation", "detail", name,
                     " is waiting for confirmation: an earlier attempt to create it has had no "
                     "answer yet. Settle that with: invonce outbox resume",
                     "effect", "unknown", "retry", "same_key");
}

/* An unconfirmed intent has its number: nothing of this record was sent, or will be. Whether there
 * is an invoice of that number only the outbox can tell. */
static void tell_held(struct flow *flow, struct slot *slot, const char *holder)
{
    struct submitter_view view = submitter_view(slot->submitter);
    json_t *problem = waiting_problem(view.intent->name);
    const struct result result = {.outcome = RESULT_UNCONFIRMED,
                                  .line = slot->position,
                                  .name = view.intent->name,
                                  .key = holder,
                                  .problem = problem};
    tell(flow, slot->number, result.outcome, flow->source->write(flow->source->self, &result));
    json_decref(problem);
}

/* Another request stands under the key: this one is refused as the server would refuse it. */
static void tell_reused(struct flow *flow, struct slot *slot)
{
    struct submitter_view view = submitter_view(slot->submitter);
    json_t *problem = problem_new(PROBLEM_IDEMPOTENCY_KEY_REUSED,
                                  "The key was used before, for another record. The first result "
                                  "stands; a new record needs a new key.");
    const struct result result = {.outcome = RESULT_REJECTED,
                                  .line = slot->position,
                                  .name = view.intent->name,
                                  .key = view.intent->key,
                                  .problem = problem};
    tell(flow, slot->number, result.outcome, flow->source->write(flow->source->self, &result));
    json_decref(problem);
    free_slot(flow, slot);
}

/* Somebody else is at it, or its number waits for another: nothing was sent from here. */
static void tell_busy(struct flow *flow, struct slot *slot, const char *why)
{
    struct submitter_view view = submitter_view(slot->submitter);
    const struct result result = {.outcome = RESULT_UNCONFIRMED,
                                  .line = slot->position,
                                  .name = view.intent->name,
                                  .key = view.intent->key,
                                  .why = why};
    tell(flow, slot->number, result.outcome, flow->source->write(flow->source->self, &result));
    free_slot(flow, slot);
}

/* The same record under the same key: sent once more, so that the server says what became of it. */
static void send_again(struct flow *flow, struct slot *slot)
{
    struct journal *journal = flow->options->context->journal;
    struct intent *intent;
    unsigned attempts;
    enum journal_status status =
        journal_adopt_key(journal, submitter_view(slot->submitter).intent->key, &intent, &attempts);
    if (status == JOURNAL_HELD) tell_busy(flow, slot, journal_sentence(journal));
    if (status == JOURNAL_FAILED) breaks(flow, journal_sentence(journal));
    if (status != JOURNAL_OK) return;
    submitter_renew(slot->submitter);
    submitter_adopt(slot->submitter, intent, attempts, clock_monotonic_ms());
}

/* The journal has the key already. */
static void take_used(struct flow *flow, struct slot *slot)
{
    struct journal *journal = flow->options->context->journal;
    const struct intent *intent = submitter_view(slot->submitter).intent;
    struct journal_entry *entry;
    if (journal_find(journal, intent->key, &entry) != JOURNAL_OK || entry == NULL) {
        breaks(flow, journal_sentence(journal));
        return;
    }
    bool same = strcmp(entry->fingerprint, intent->fingerprint) == 0;
    journal_entries_free(entry, 1);
    submitter_recorded(slot->submitter, JOURNAL_USED, clock_monotonic_ms());
    if (same)
        send_again(flow, slot);
    else
        tell_reused(flow, slot);
}

static bool all_wait(const struct flow *flow)
{
    for (size_t i = 0; i < flow->options->in_flight; i++)
        if (flow->slots[i].busy && !flow->slots[i].postponed) return false;
    return true;
}

/* What is in the way may be under way here: then that is waited for. */
static void take_recorded(struct flow *flow, struct slot *slot,
                          const struct journal_recording *recording)
{
    enum journal_status status = recording->status;
    slot->postponed = recording->is_ours && (status == JOURNAL_HELD || status == JOURNAL_USED);
    if (slot->postponed && !all_wait(flow)) return;
    slot->postponed = false;
    switch (status) {
    case JOURNAL_HELD:
        tell_held(flow, slot, recording->holder);
        submitter_recorded(slot->submitter, status, clock_monotonic_ms());
        free_slot(flow, slot);
        break;
    case JOURNAL_USED:
        take_used(flow, slot);
        break;
    case JOURNAL_FAILED:
        breaks(flow, journal_sentence(flow->options->context->journal));
        break;
    case JOURNAL_OK:
        submitter_recorded(slot->submitter, status, clock_monotonic_ms());
        break;
    }
}

static void record(struct flow *flow)
{
    size_t count = 0;
    struct slot *waiting[FLOW_IN_FLIGHT_MAX];
    for (size_t i = 0; i < flow->options->in_flight && !flow->broken; i++) {
        struct slot *slot = &flow->slots[i];
        const struct intent *intent = submitter_to_record(slot->submitter);
        if (!slot->busy || slot->postponed || intent == NULL) continue;
        flow->recordings[count] = (struct journal_recording){
            .intent = intent, .run = slot->run, .position = slot->position};
        waiting[count++] = slot;
    }
    if (count == 0) return;
    journal_record_all(flow->options->context->journal, flow->recordings, count);
    for (size_t i = 0; i < count; i++)
        take_recorded(flow, waiting[i], &flow->recordings[i]);
}

/* --- the loop --- */

static int wait_ms(const struct flow *flow, int64_t now_ms)
{
    int64_t due = now_ms + WAIT_MAX_MS;
    for (size_t i = 0; i < flow->options->in_flight; i++) {
        const struct slot *slot = &flow->slots[i];
        if (!slot->busy || slot->postponed) continue;
        int64_t its = submitter_due_ms(slot->submitter);
        if (its < due) due = its;
    }
    return due > now_ms ? (int)(due - now_ms) : 0;
}

static void write_out(struct flow *flow)
{
    if (flow->shows) progress_hide(flow->options->progress);
    if (!lineup_write(&flow->lineup, flow->options->out)) {
        char sentence[120];
        snprintf(sentence, sizeof sentence, "The results can't be written: %s", strerror(errno));
        breaks(flow, sentence);
    }
    progress_show(flow->options->progress, clock_monotonic_ms());
}

/* All that the journal is to know before anything is sent or told, with one commit. */
static bool keep_books(struct flow *flow)
{
    struct journal *journal = flow->options->context->journal;
    journal_gather(journal);
    settle(flow);
    take_in(flow);
    record(flow);
    if (journal_commit(journal) == JOURNAL_OK) return true;
    breaks(flow, journal_sentence(journal));
    return false;
}

static bool is_readable(int descriptor)
{
    struct pollfd polled = {.fd = descriptor, .events = POLLIN};
    return poll(&polled, 1, 0) > 0;
}

static enum flow_end run(struct flow *flow)
{
    bool interrupted = is_readable(flow->options->interrupt);
    while (!interrupted) {
        if (!keep_books(flow)) return FLOW_BROKEN; /* nothing of it has happened */
        send_due(flow);
        write_out(flow);
        if (flow->broken) return FLOW_BROKEN;
        if (flow->dry && flow->busy == 0) return FLOW_FINISHED;
        if (!courier_poll(flow->options->context->courier, &flow->options->interrupt, &interrupted,
                          1, wait_ms(flow, clock_monotonic_ms())))
            breaks(flow, "The network library failed.");
        if (flow->broken) return FLOW_BROKEN;
    }
    return FLOW_INTERRUPTED;
}

static bool make_slots(struct flow *flow)
{
    size_t count = flow->options->in_flight;
    flow->slots = calloc(count, sizeof *flow->slots);
    flow->recordings = calloc(count, sizeof *flow->recordings);
    if (flow->slots == NULL || flow->recordings == NULL) return false;
    for (size_t i = 0; i < count; i++) {
        flow->slots[i].submitter =
            submitter_new(flow->options->context, &invoice_intent, NULL, NULL);
        if (flow->slots[i].submitter == NULL) return false;
    }
    return true;
}

static void clear(struct flow *flow)
{
    for (size_t i = 0; flow->slots != NULL && i < flow->options->in_flight; i++)
        submitter_free(flow->slots[i].submitter);
    free(flow->slots);
    free(flow->recordings);
    lineup_clear(&flow->lineup);
}

enum flow_end flow_run(const struct flow_options *options, const struct flow_source *source,
                       int *exit_code, char sentence[JOURNAL_SENTENCE_MAX])
{
    struct flow flow = {.options = options,
                        .source = source,
                        .shows = isatty(fileno(options->out)),
                        .sentence = sentence};
    enum flow_end end = FLOW_BROKEN;
    if (make_slots(&flow))
        end = run(&flow);
    else
        breaks(&flow, "There is not enough memory.");
    *exit_code = flow.exit_code;
    clear(&flow);
    return end;
}
