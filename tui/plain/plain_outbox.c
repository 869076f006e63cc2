/* What isn't settled, and what was refused behind the person's back. */
#include "tui/plain/plain_state.h"

#include "protocol/wire/clock.h"
#include "tui/form/moment.h"
#include "tui/form/status.h"
#include "tui/words/words.h"

#include <stdlib.h>

static void tell_entry(const struct journal_entry *entry, size_t number, const char *own_key)
{
    char utc[CLOCK_TEXT_SIZE], since[MOMENT_SIZE];
    clock_format(entry->created_ms, utc);
    moment_local(utc, since);
    plain_say(words_plural("%zu  %s, %s, %u attempt, since %s",
                           "%zu  %s, %s, %u attempts, since %s", entry->attempts),
              number, entry->name, waiting_state(entry, own_key), entry->attempts, since);
}

void plain_tell_outbox(const struct plain *plain)
{
    const struct entry *entry = &plain->entry;
    const struct waiting *waiting = &entry->waiting;
    const char *own_key = resume_is_sending(&entry->resume) ? resume_key(&entry->resume) : "";
    plain_say("%s", C_("title", "Outbox"));
    if (waiting->trouble || waiting->count == 0) {
        char *trouble = waiting->trouble ? words_retold(waiting->trouble) : NULL;
        plain_say("%s", trouble ? trouble : _("Everything is settled: nothing waits to be sent."));
        free(trouble);
        return;
    }
    plain_say("%s", waiting_introduction(waiting->refused, waiting->count));
    for (size_t i = 0; i < waiting->count; i++)
        tell_entry(&waiting->entries[i], i + 1, own_key);
}

void plain_pick_outbox(struct plain *plain, size_t at)
{
    if (at >= plain->entry.waiting.count) {
        plain_say(_("There is no %zu in the list: answer with one of its numbers."), at + 1);
        return;
    }
    if (!refusal_open(&plain->refusal, &plain->entry, at)) {
        if (!plain->entry.said)
            plain_say("%s", _("That one is sent again by itself: there is nothing to be done."));
        return;
    }
    plain->aside = VIEW_REFUSED;
    plain->told_aside = false;
}

void plain_tell_refusal(const struct plain *plain)
{
    const struct refusal *refusal = &plain->refusal;
    if (refusal->state == SUBMISSION_CONFLICT) {
        plain_tell_conflict(&(struct plain_conflict){
            .kind = refusal->resource,
            .problem = refusal->problem,
            .original = refusal->has_original ? &refusal->original : NULL,
            .typed = &refusal->typed,
            .advice = status_conflict_taken_back(refusal->resource, refusal->problem),
        });
        return;
    }
    char *sentence = refusal_sentence(refusal);
    plain_say("%s", _("Not created"));
    if (sentence) plain_say("%s", sentence);
    free(sentence);
    for (size_t i = 0; i < refusal->violations.count; i++) {
        char *detail = words_retold(refusal->violations.items[i].detail);
        if (detail) plain_say("%s", detail);
        free(detail);
    }
}
