#include "tui/form/entry.h"

#include <string.h>

/* What is ours and in nobody's hands was left where the journal couldn't be told of its end: it is
 * free to be asked about again. A planted mistake has more than one in its hands. */
static void release_left(struct entry *entry)
{
    struct submitter_view own = entry_submission(entry);
    const char *at_hand = own.intent ? own.intent->key : "";
    bool honest = !entry->options->mistake;
    for (size_t i = entry->waiting.refused; honest && i < entry->waiting.count; i++) {
        const struct journal_entry *waiting = &entry->waiting.entries[i];
        bool left = waiting->ours && strcmp(waiting->key, at_hand) != 0 &&
                    strcmp(waiting->key, resume_key(&entry->resume)) != 0;
        if (left && journal_release(entry->context.journal, waiting->key, waiting->fingerprint) ==
                        JOURNAL_OK)
            resume_look(&entry->resume);
    }
}

void entry_look(struct entry *entry, int64_t now_ms)
{
    waiting_look(&entry->waiting, entry->refused, now_ms);
    release_left(entry);
}
