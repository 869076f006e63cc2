/* Drafts in the journal: what was typed and not pressed yet, one a process, for the next start
 * after a crash or a hang-up. */
#ifndef INVONCE_CLIENT_JOURNAL_DRAFT_H
#define INVONCE_CLIENT_JOURNAL_DRAFT_H

#include "protocol/client/journal/journal.h"

#include <stdint.h>

/* One that a process left behind. All zeros: none. */
struct journal_draft {
    int64_t owner; /* names it */
    char *body;    /* JSON, owned: journal_draft_clear */
    int64_t saved_ms;
};

/* Keeps `body` (JSON text) as this process's draft, in place of the one before. It survives the
 * process at once, and a power cut soon. */
enum journal_status journal_draft_save(struct journal *journal, const char *kind, const char *body);

/* It isn't wanted any more: it stays until this process keeps something newer or throws it away, or
 * another throws one away. */
enum journal_status journal_draft_throw(struct journal *journal, const char *kind);

/* There is nothing to keep any more. */
enum journal_status journal_draft_drop(struct journal *journal);

/* The newest one of this account that no living process has; one that was sent as it stands is
 * none. *draft is all zeros when there is none; to be cleared. */
enum journal_status journal_draft_find(struct journal *journal, const char *kind,
                                       struct journal_draft *draft);

/* The same of those that were thrown away, this process's own too. */
enum journal_status journal_draft_find_thrown(struct journal *journal, const char *kind,
                                              struct journal_draft *draft);

/* Makes it this process's own, and wanted. JOURNAL_HELD: another was quicker. */
enum journal_status journal_draft_take(struct journal *journal, const char *kind,
                                       const struct journal_draft *draft);

void journal_draft_clear(struct journal_draft *draft);

#endif
