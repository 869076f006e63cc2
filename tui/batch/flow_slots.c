/* Of the flow: what becomes of a slot, and of all of it. */
#include "tui/batch/flow_inside.h"

#include "tui/words/words.h"

#include <assert.h>
#include <stdlib.h>

void flow_breaks(struct flow *flow, const char *sentence)
{
    flow->broken = true;
    snprintf(flow->sentence, JOURNAL_SENTENCE_MAX, "%s", sentence);
}

void flow_tell(struct flow *flow, int64_t number, enum result_outcome outcome, char *text,
               const char *key)
{
    bool needs_a_person = outcome == RESULT_CONFLICT || outcome == RESULT_REJECTED;
    if (text != NULL && needs_a_person && *key != '\0' && !told_note(&flow->told, number, key)) {
        free(text);
        text = NULL;
    }
    if (text == NULL) {
        flow_breaks(flow, _("There is not enough memory."));
        return;
    }
    int code = result_exit_code(outcome);
    if (code > flow->exit_code) flow->exit_code = code;
    flow->options->progress->done++;
    if (flow->options->counts != NULL) flow->options->counts[outcome]++;
    if (outcome == RESULT_UNCONFIRMED) flow->options->progress->unconfirmed++;
    lineup_put(&flow->lineup, number, text);
}

void flow_free_slot(struct flow *flow, struct slot *slot)
{
    assert(slot->busy && flow->busy > 0);
    slot->busy = false;
    flow->busy--;
    submitter_renew(slot->submitter);
    for (size_t i = 0; i < flow->slot_count; i++)
        flow->slots[i].postponed = false; /* its number may be free now */
}
