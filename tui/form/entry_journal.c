/* The journal under the running form: it may be locked by another program when the form starts, and
 * is opened as soon as it can be. */
#include "tui/form/entry.h"

#include "protocol/wire/clock.h"

#include <stdio.h>

#define AGAIN_MS 100
#define SHOW_MS  1000 /* what is locked for less is nobody's concern */

/* The numbers go on; a draft that an earlier run left behind is offered, or taken up. Not over what
 * is filled in already. */
static void begin_where_left(struct entry *entry)
{
    if (entry->options->prefill || !form_is_blank(&entry->form)) return;
    if (entry_is_locked(entry) || entry->seen != SUBMISSION_EDITING) return;
    entry_follow_last(entry);
    entry->dirty = true;
    draft_look(&entry->draft);
    if (!entry->draft.offer.body) return;
    if (entry->options->recover) {
        entry_settle(entry);
        entry->failed = draft_recover(&entry->draft, &entry->form) == DRAFT_NO_MEMORY;
        entry_note(entry, HISTORY_CHANGED);
    }
    entry->came_up = entry->dirty = true;
}

void entry_identify(struct entry *entry)
{
    if (!entry->identity.tenant || !entry->journal_open) return;
    bool locked =
        journal_identify(entry->context.journal, entry->identity.tenant) == JOURNAL_LOCKED;
    entry->journal_ms = locked ? clock_monotonic_ms() + AGAIN_MS : INT64_MAX;
    habits_renew(&entry->habits); /* of that account */
}

static void take_in(struct entry *entry)
{
    entry->journal_open = true;
    entry->journal_ms = INT64_MAX;
    entry->locked_ms = 0;
    if (entry->options->history_ms > 0)
        journal_prune(entry->context.journal, entry->options->history_ms);
    entry_identify(entry);
    begin_where_left(entry);
}

void entry_note_lock(struct entry *entry, int64_t now_ms)
{
    bool locked = entry_journal_is_locked(entry, now_ms);
    if (locked != entry->seen_journal_locked) entry->dirty = true;
    entry->seen_journal_locked = locked;
}

bool entry_advance_journal(struct entry *entry, int64_t now_ms)
{
    if (now_ms < entry->journal_ms) return false;
    if (entry->journal_open) {
        entry_identify(entry);
        return true;
    }
    switch (journal_ready(entry->context.journal)) {
    case JOURNAL_OK:
        take_in(entry);
        return true;
    case JOURNAL_LOCKED:
    case JOURNAL_HELD:
    case JOURNAL_USED:
    case JOURNAL_REUSED:
    case JOURNAL_SETTLED:
    case JOURNAL_ABSENT:
        break;
    case JOURNAL_FAILED:
        snprintf(entry->broken, sizeof entry->broken, "%s",
                 journal_sentence(entry->context.journal));
        entry->quit = true;
        return true;
    }
    if (entry->locked_ms == 0) entry->locked_ms = now_ms;
    entry->journal_ms = now_ms + AGAIN_MS;
    return false;
}

bool entry_journal_is_locked(const struct entry *entry, int64_t now_ms)
{
    int64_t submitting_ms = entry_submission(entry).locked_ms;
    bool not_open = entry->locked_ms != 0 && now_ms >= entry->locked_ms + SHOW_MS;
    return not_open || (submitting_ms != 0 && now_ms >= submitting_ms + SHOW_MS) ||
           (entry->draft.locked_ms != 0 && now_ms >= entry->draft.locked_ms + SHOW_MS);
}
