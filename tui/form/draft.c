#include "tui/form/draft.h"

#include "protocol/client/intent.h"
#include "protocol/wire/json.h"

#include <stdlib.h>
#include <string.h>

#define PAUSE_MS 400 /* behind the first key that isn't written yet */

void draft_start(struct draft *draft, const struct resource *resource, struct journal *journal)
{
    *draft = (struct draft){.resource = resource, .journal = journal, .due_ms = INT64_MAX};
}

void draft_stop(struct draft *draft)
{
    journal_draft_clear(&draft->offer);
}

void draft_changed(struct draft *draft, int64_t now_ms)
{
    draft->fate = DRAFT_WANTED;
    if (draft->due_ms == INT64_MAX) draft->due_ms = now_ms + PAUSE_MS;
}

/* There is something to do where the journal has a draft. */
static void end(struct draft *draft, enum draft_fate fate, int64_t now_ms)
{
    draft->fate = fate;
    draft->due_ms = draft->kept ? now_ms : INT64_MAX;
}

void draft_sent(struct draft *draft, int64_t now_ms)
{
    end(draft, DRAFT_SENT, now_ms);
}

/* The caller frees; NULL: out of memory. */
static char *body_of(const struct form *form)
{
    struct json *json = form_to_json(form);
    char *body = json ? json_write(json) : NULL;
    json_free(json);
    return body;
}

static enum journal_status save(struct draft *draft, const struct form *form)
{
    char *body = body_of(form);
    enum journal_status status =
        body ? journal_draft_save(draft->journal, draft->resource->name, body) : JOURNAL_FAILED;
    free(body);
    return status;
}

void draft_throw(struct draft *draft, const struct form *form, int64_t now_ms)
{
    if (draft->fate == DRAFT_WANTED && draft->due_ms != INT64_MAX && !form_is_blank(form))
        draft->kept = save(draft, form) == JOURNAL_OK || draft->kept;
    end(draft, DRAFT_THROWN, now_ms);
}

bool draft_advance(struct draft *draft, const struct form *form, int64_t now_ms)
{
    if (now_ms < draft->due_ms) return false;
    bool was_kept = draft->kept, was_trouble = draft->trouble;
    bool wanted = draft->fate == DRAFT_WANTED && !form_is_blank(form);
    enum journal_status status = wanted ? save(draft, form)
                                 : draft->fate == DRAFT_SENT
                                     ? journal_draft_drop(draft->journal)
                                     : journal_draft_throw(draft->journal, draft->resource->name);
    /* What can't be written now may be later; the next key, too, has it tried again. */
    draft->due_ms = status == JOURNAL_OK ? INT64_MAX : now_ms + PAUSE_MS;
    if (status == JOURNAL_LOCKED) {
        if (draft->locked_ms == 0) draft->locked_ms = now_ms;
        return false;
    }
    draft->locked_ms = 0;
    draft->kept = status == JOURNAL_OK && wanted;
    draft->trouble = status != JOURNAL_OK && wanted;
    return draft->kept != was_kept || draft->trouble != was_trouble;
}

void draft_finish(struct draft *draft, const struct form *form)
{
    if (!draft->journal || draft->due_ms == INT64_MAX) return;
    draft->due_ms = 0;
    draft_advance(draft, form, 0);
}

char *draft_lost(const struct draft *draft, const struct form *form, bool pressed)
{
    bool unwritten = draft->journal && draft->fate == DRAFT_WANTED && draft->due_ms != INT64_MAX;
    return pressed || (unwritten && !form_is_blank(form)) ? body_of(form) : NULL;
}

void draft_look(struct draft *draft)
{
    journal_draft_find(draft->journal, draft->resource->name, &draft->offer);
}

void draft_leave(struct draft *draft)
{
    journal_draft_clear(&draft->offer);
}

static bool fill(struct form *form, const struct resource *resource, const char *body)
{
    char problem[JSON_PROBLEM_MAX];
    struct violations ignored = {0};
    struct document document = {0};
    struct json *json = json_read_object(body, strlen(body), problem);
    bool filled = true;
    if (json && document_read_partial(&document, resource, json, &ignored))
        filled = form_prefill(form, &document.values);
    form_doubt(form); /* it may have been written down before the focus had left it */
    document_clear(&document);
    violations_clear(&ignored);
    json_free(json);
    return filled;
}

/* What can't be written down as ours now is still there to be typed on. */
enum draft_recovery draft_recover(struct draft *draft, struct form *form)
{
    enum draft_recovery recovery = DRAFT_ELSEWHERE;
    enum journal_status taken = JOURNAL_HELD;
    if (draft->offer.body)
        taken = journal_draft_take(draft->journal, draft->resource->name, &draft->offer);
    if (taken != JOURNAL_HELD) {
        recovery =
            fill(form, draft->resource, draft->offer.body) ? DRAFT_RECOVERED : DRAFT_NO_MEMORY;
        draft->fate = DRAFT_WANTED;
        draft->kept = taken == JOURNAL_OK;
    }
    draft_leave(draft);
    return recovery;
}

enum draft_recovery draft_bring_back(struct draft *draft, struct form *form)
{
    journal_draft_find_thrown(draft->journal, draft->resource->name, &draft->offer);
    return draft_recover(draft, form);
}
