#include "tui/form/entry.h"

#include "tui/form/form_state.h"
#include "tui/words/words.h"

void entry_settle(struct entry *entry)
{
    history_settle(&entry->history, form_state(&entry->form));
}

void entry_note(struct entry *entry, enum history_change change)
{
    history_note(&entry->history, form_state(&entry->form), change);
}

static void return_to(struct entry *entry, const struct history_step *step,
                      const struct history_spot *spot)
{
    if (!form_return_to(&entry->form, step, spot)) entry->failed = true;
}

/* What was thrown away last, and by an earlier run maybe: that was before all that can be gone
 * forward to from here. */
static bool bring_back_draft(struct entry *entry)
{
    if (!form_is_blank(&entry->form)) return false;
    enum draft_recovery recovery = draft_bring_back(&entry->draft, &entry->form);
    entry->failed = entry->failed || recovery == DRAFT_NO_MEMORY;
    if (recovery != DRAFT_RECOVERED) return false;
    history_precede(&entry->history, form_state(&entry->form));
    entry->said = _("what was thrown away last is back");
    return true;
}

bool entry_step_back(struct entry *entry)
{
    const struct history_step *step = history_back(&entry->history);
    if (step) return_to(entry, step, &step->left);
    return step || bring_back_draft(entry);
}

bool entry_step_forward(struct entry *entry)
{
    const struct history_step *step = history_forward(&entry->history);
    if (step) return_to(entry, step, &step->came);
    return step;
}
