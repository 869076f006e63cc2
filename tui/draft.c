#include "tui/draft.h"

#include "protocol/client/intent.h"
#include "protocol/wire/invoice_json.h"
#include "protocol/wire/json.h"

#include <stdlib.h>
#include <string.h>

#define PAUSE_MS 400 /* behind the first key that isn't written yet */

void draft_start(struct draft *draft, struct journal *journal)
{
    *draft = (struct draft){.journal = journal, .due_ms = INT64_MAX};
}

void draft_stop(struct draft *draft)
{
    journal_draft_clear(&draft->offer);
}

void draft_changed(struct draft *draft, int64_t now_ms)
{
    draft->wanted = true;
    if (draft->due_ms == INT64_MAX) draft->due_ms = now_ms + PAUSE_MS;
}

void draft_past(struct draft *draft, int64_t now_ms)
{
    draft->wanted = false;
    draft->due_ms = draft->kept ? now_ms : INT64_MAX;
}

static enum journal_status save(struct draft *draft, const struct form *form)
{
    json_t *json = form_to_json(form);
    char *body = json ? json_write(json) : NULL;
    json_decref(json);
    enum journal_status status =
        body ? journal_draft_save(draft->journal, invoice_intent.name, body) : JOURNAL_FAILED;
    free(body);
    return status;
}

bool draft_advance(struct draft *draft, const struct form *form, int64_t now_ms)
{
    if (now_ms < draft->due_ms) return false;
    bool was_kept = draft->kept;
    bool wanted = draft->wanted && !form_is_blank(form);
    enum journal_status status = wanted ? save(draft, form) : journal_draft_drop(draft->journal);
    /* What can't be written now may be later; the next key, too, has it tried again. */
    draft->due_ms = status == JOURNAL_OK ? INT64_MAX : now_ms + PAUSE_MS;
    if (status == JOURNAL_HELD) return false;
    draft->kept = status == JOURNAL_OK && wanted;
    return draft->kept != was_kept;
}

void draft_finish(struct draft *draft, const struct form *form)
{
    if (!draft->journal || draft->due_ms == INT64_MAX) return;
    draft->due_ms = 0;
    draft_advance(draft, form, 0);
}

void draft_look(struct draft *draft)
{
    journal_draft_find(draft->journal, invoice_intent.name, &draft->offer);
}

bool draft_recover(struct draft *draft, struct form *form)
{
    char problem[JSON_PROBLEM_MAX];
    struct violations ignored = {0};
    struct invoice_document document = {0};
    if (!draft->offer.body || journal_draft_take(draft->journal, &draft->offer) != JOURNAL_OK) {
        draft_leave(draft);
        return true;
    }
    json_t *json = json_read_object(draft->offer.body, strlen(draft->offer.body), problem);
    bool filled = true;
    if (json && invoice_document_read_partial(&document, json, &ignored))
        filled = form_prefill(form, &document.invoice);
    invoice_document_clear(&document);
    violations_clear(&ignored);
    json_decref(json);
    draft->kept = draft->wanted = true;
    draft_leave(draft);
    return filled;
}

void draft_discard(struct draft *draft)
{
    if (draft->offer.body) journal_draft_discard(draft->journal, &draft->offer);
    draft_leave(draft);
}

void draft_leave(struct draft *draft)
{
    journal_draft_clear(&draft->offer);
}
