#include "tui/form/refusal.h"

#include "protocol/wire/json.h"
#include "tui/form/status.h"
#include "tui/words/words.h"

#include <stdio.h>
#include <string.h>

void refusal_forget(struct refusal *refusal)
{
    record_clear(&refusal->original);
    document_clear(&refusal->typed);
    violations_clear(&refusal->violations);
    json_free(refusal->problem);
    *refusal = (struct refusal){0};
}

static bool read_typed(struct refusal *refusal, struct journal *journal,
                       const struct journal_entry *from)
{
    struct violations ignored = {0};
    struct intent *intent = NULL;
    struct json *own = NULL;
    if (journal_read_intent(journal, from->key, from->fingerprint, &intent) == JOURNAL_OK && intent)
        own = json_copy(intent->json);
    if (own) refusal->resource = intent->kind;
    bool read = own && document_read_partial(&refusal->typed, intent->kind, own, &ignored);
    refusal->typed.own = own;
    violations_clear(&ignored);
    intent_free(intent);
    return read;
}

static void read_problem(struct refusal *refusal, const char *result)
{
    char unreadable[JSON_PROBLEM_MAX];
    refusal->problem = result ? json_read_object(result, strlen(result), unreadable) : NULL;
    if (!refusal->problem) return;
    refusal->has_original = record_believe(&refusal->original, refusal->resource,
                                           json_member(refusal->problem, "existing"));
    violations_from_json(json_member(refusal->problem, "errors"), &refusal->violations);
}

bool refusal_open(struct refusal *refusal, struct entry *entry, size_t at)
{
    const struct waiting *waiting = &entry->waiting;
    if (at >= waiting->refused) return false;
    const struct journal_entry *from = &waiting->entries[at];
    refusal_forget(refusal);
    if (!read_typed(refusal, entry->context.journal, from)) {
        entry->said = _("it was made by a newer invonce: open it with that one");
        return false;
    }
    snprintf(refusal->key, sizeof refusal->key, "%s", from->key);
    refusal->state = from->state == JOURNAL_CONFLICT ? SUBMISSION_CONFLICT : SUBMISSION_REJECTED;
    read_problem(refusal, from->result);
    return true;
}

/* As if it had just come about in the form. */
char *refusal_sentence(const struct refusal *refusal)
{
    const struct submitter_view view = {.submission.state = refusal->state,
                                        .submission.attempts = 1,
                                        .problem = refusal->problem,
                                        .why = ""};
    return status_refusal(refusal->resource, &view);
}

bool refusal_see(const struct refusal *refusal, struct entry *entry)
{
    bool seen = journal_see(entry->context.journal, refusal->key) == JOURNAL_OK;
    if (!seen) entry->said = _("the journal can't be written: is its disk full?");
    return seen;
}

static const char *in_the_way(const struct refusal *refusal, const struct entry *entry)
{
    if (refusal->resource != entry->options->resource)
        return _("it has a form of its own: see --resource");
    return entry_form_is_free(entry) ? NULL
                                     : _("the form holds another invoice: finish that one first");
}

bool refusal_take_back(struct refusal *refusal, struct entry *entry, int64_t now_ms)
{
    const char *said = in_the_way(refusal, entry);
    if (said) entry->said = said;
    if (said) return false;
    submitter_renew(entry->submitter);
    entry_follow(entry);
    entry_start_clean(entry);
    if (!form_prefill(&entry->form, &refusal->typed.values)) entry->failed = true;
    form_focus_name(&entry->form);
    if (refusal->violations.count > 0) form_complain(&entry->form, &refusal->violations);
    snprintf(entry->refused, sizeof entry->refused, "%s", refusal->key); /* seen, once a draft */
    draft_changed(&entry->draft, now_ms);
    refusal_forget(refusal);
    entry->waiting.due_ms = now_ms;
    return true;
}
