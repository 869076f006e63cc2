/* Of the flow: what is to be recorded, all of it with one commit, and what is in the way of it. */
#include "protocol/wire/clock.h"
#include "protocol/wire/message.h"
#include "tui/batch/flow_inside.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_AGAIN_MS 100

static struct json *waiting_problem(const char *name)
{
    char *detail;
    if (asprintf(&detail,
                 N_("%s is waiting for confirmation: an earlier attempt to create it has had no "
                    "answer yet. Settle that with: invonce outbox resume; then give the "
                    "same input again"),
                 name) < 0)
        return NULL;
    struct json *problem =
        json_new_texts("type", "about:blank", "title", "Number waiting for confirmation", "detail",
                       detail, "effect", "unknown", "retry", "same_key", NULL);
    free(detail);
    return problem;
}

/* An unconfirmed intent has its number: nothing of this record was sent, or will be. Whether there
 * is an invoice of that number only the outbox can tell. */
static void tell_held(struct flow *flow, struct slot *slot, const char *holder)
{
    struct submitter_view view = submitter_view(slot->submitter);
    struct json *problem = waiting_problem(view.intent->name);
    const struct result result = {.outcome = RESULT_UNCONFIRMED,
                                  .line = slot->position,
                                  .name = view.intent->name,
                                  .key = holder,
                                  .problem = problem};
    flow_tell(flow, slot->number, result.outcome, flow->source->write(flow->source->self, &result),
              "");
    json_free(problem);
}

/* Another request stands under the key: this one is refused as the server would refuse it. */
static void tell_reused(struct flow *flow, struct slot *slot)
{
    struct submitter_view view = submitter_view(slot->submitter);
    struct json *problem = problem_new(PROBLEM_IDEMPOTENCY_KEY_REUSED,
                                       N_("The key was used before, for another record. The first "
                                          "result stands; a new record needs a new key."));
    const struct result result = {.outcome = RESULT_REJECTED,
                                  .line = slot->position,
                                  .name = view.intent->name,
                                  .key = view.intent->key,
                                  .problem = problem};
    flow_tell(flow, slot->number, result.outcome, flow->source->write(flow->source->self, &result),
              "");
    json_free(problem);
    submitter_recorded(slot->submitter, JOURNAL_REUSED, clock_monotonic_ms());
    flow_free_slot(flow, slot);
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
    flow_tell(flow, slot->number, result.outcome, flow->source->write(flow->source->self, &result),
              "");
    flow_free_slot(flow, slot);
}

static bool is_under_way_here(const struct flow *flow, const struct slot *slot)
{
    const struct intent *intent = submitter_view(slot->submitter).intent;
    for (size_t i = 0; i < flow->slot_count; i++) {
        const struct slot *other = &flow->slots[i];
        if (other == slot || !other->busy || submitter_to_record(other->submitter)) continue;
        const struct intent *its = submitter_view(other->submitter).intent;
        if (strcmp(its->key, intent->key) == 0 &&
            strcmp(its->fingerprint, intent->fingerprint) == 0)
            return true;
    }
    return false;
}

/* The same record under the same key: sent once more, so that the server says what became of it. */
static void send_again(struct flow *flow, struct slot *slot)
{
    struct journal *journal = flow->options->context->journal;
    struct intent *intent;
    unsigned attempts;
    int64_t now_ms = clock_monotonic_ms();
    enum journal_status status =
        journal_adopt_same(journal, submitter_view(slot->submitter).intent, &intent, &attempts);
    slot->postponed = status == JOURNAL_HELD && is_under_way_here(flow, slot);
    if (slot->postponed) return;
    submitter_recorded(slot->submitter, JOURNAL_USED, now_ms);
    if (status == JOURNAL_HELD || status == JOURNAL_ABSENT)
        tell_busy(flow, slot, journal_sentence(journal));
    if (status == JOURNAL_FAILED || status == JOURNAL_LOCKED)
        flow_breaks(flow, journal_sentence(journal));
    if (status != JOURNAL_OK) return;
    submitter_renew(slot->submitter);
    submitter_adopt(slot->submitter, intent, attempts, now_ms);
}

/* Another invonce is seeing to what is in the way: that will end, and then it is known what to do
 * here. */
static bool wait_for_others(struct slot *slot, const struct journal_recording *recording)
{
    int64_t now_ms = clock_monotonic_ms();
    bool in_the_way = recording->status == JOURNAL_HELD || recording->status == JOURNAL_USED;
    bool waits = in_the_way && recording->is_busy && now_ms < slot->give_up_ms;
    slot->look_ms = waits ? now_ms + LOOK_AGAIN_MS : 0;
    return waits;
}

static bool all_wait(const struct flow *flow)
{
    for (size_t i = 0; i < flow->slot_count; i++)
        if (flow->slots[i].busy && !flow->slots[i].postponed) return false;
    return true;
}

/* What is in the way may be under way here: then that is waited for. */
static void take_recorded(struct flow *flow, struct slot *slot,
                          const struct journal_recording *recording)
{
    enum journal_status status = recording->status;
    slot->postponed = recording->is_ours && (status == JOURNAL_HELD || status == JOURNAL_USED);
    if (wait_for_others(slot, recording) || (slot->postponed && !all_wait(flow))) return;
    slot->postponed = false;
    switch (status) {
    case JOURNAL_HELD:
        tell_held(flow, slot, recording->holder);
        submitter_recorded(slot->submitter, status, clock_monotonic_ms());
        flow_free_slot(flow, slot);
        break;
    case JOURNAL_USED:
        send_again(flow, slot);
        break;
    case JOURNAL_REUSED:
        tell_reused(flow, slot);
        break;
    case JOURNAL_SETTLED:
    case JOURNAL_ABSENT:
    case JOURNAL_LOCKED:
    case JOURNAL_FAILED:
        flow_breaks(flow, journal_sentence(flow->options->context->journal));
        break;
    case JOURNAL_OK:
        submitter_recorded(slot->submitter, status, clock_monotonic_ms());
        break;
    }
}

void flow_record(struct flow *flow)
{
    size_t count = 0;
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < flow->slot_count && !flow->broken; i++) {
        struct slot *slot = &flow->slots[i];
        const struct intent *intent = submitter_to_record(slot->submitter);
        if (!slot->busy || slot->postponed || intent == NULL || slot->look_ms > now_ms) continue;
        flow->recordings[count] = (struct journal_recording){
            .intent = intent, .run = slot->run, .position = slot->position};
        flow->recorded[count++] = slot;
    }
    if (count == 0) return;
    journal_record_all(flow->options->context->journal, flow->recordings, count);
    for (size_t i = 0; i < count; i++)
        take_recorded(flow, flow->recorded[i], &flow->recordings[i]);
}
